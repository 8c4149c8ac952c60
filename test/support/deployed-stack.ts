import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import type { Resource, Template } from "../../deploy/plugins/serverless.ts";
import type { MotoClientConfig } from "./moto.ts";
import { TemplateValues } from "./template-values.ts";

/** The account that moto plays. */
export const MOTO_ACCOUNT = "123456789012";

/**
 * The resources of the packaged stack in moto: those that functions call, with the names that the template gives them.
 * Functions are not among them: tests call their handlers.
 */
export class DeployedStack {
  readonly at: { readonly accountId: string; readonly region: string };
  readonly values: TemplateValues;
  readonly #template: Template;
  readonly #config: MotoClientConfig;
  /** ARNs that moto gave secrets, by those that the template's values have. */
  readonly #secretArns = new Map<string, string>();

  constructor(template: Template, config: MotoClientConfig) {
    this.#template = template;
    this.#config = config;
    this.at = { accountId: MOTO_ACCOUNT, region: config.region };
    this.values = new TemplateValues(template, this.at);
  }

  async deploy(): Promise<void> {
    const sns = new SNSClient(this.#config);
    const makers: Readonly<Record<string, (id: string, properties: Properties) => Promise<unknown>>> = {
      "AWS::DynamoDB::Table": (
        _,
        { PointInTimeRecoverySpecification: _p, TimeToLiveSpecification: _t, ...table },
      ) => new DynamoDBClient(this.#config).send(new CreateTableCommand(table as never)),
      "AWS::S3::Bucket": (id) => this.bucket(this.values.text({ Ref: id })),
      "AWS::SQS::Queue": (_, { QueueName }) =>
        this.#sqs().send(new CreateQueueCommand({ QueueName: String(QueueName) })),
      "AWS::SNS::Topic": (_, { TopicName }) => sns.send(new CreateTopicCommand({ Name: String(TopicName) })),
      "AWS::Events::EventBus": (_, { Name }) =>
        new EventBridgeClient(this.#config).send(new CreateEventBusCommand({ Name: String(Name) })),
      "AWS::SecretsManager::Secret": (id, properties) => this.#secret(id, properties),
    };
    const subscriptions: Properties[] = [];
    for (const [id, { Type, Properties }] of Object.entries(this.#template.Resources)) {
      const properties = (): Properties => this.values.value(Properties) as Properties;
      await makers[Type]?.(id, properties());
      if (Type === "AWS::SNS::Subscription") subscriptions.push(properties());
    }
    for (const { TopicArn, Endpoint, FilterPolicy } of subscriptions) {
      const Attributes = { RawMessageDelivery: "true", FilterPolicy: JSON.stringify(FilterPolicy) };
      await sns.send(
        new SubscribeCommand({
          TopicArn: String(TopicArn),
          Endpoint: String(Endpoint),
          Protocol: "sqs",
          Attributes,
        }),
      );
    }
  }

  async bucket(Bucket: string): Promise<void> {
    await new S3Client({ ...this.#config, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
  }

  async logGroup(logGroupName: string): Promise<void> {
    await new CloudWatchLogsClient(this.#config).send(new CreateLogGroupCommand({ logGroupName }));
  }

  /** The environment that Lambda gives a function. */
  environmentOf({ Properties }: Resource): Readonly<Record<string, string>> {
    const { Variables } = this.values.value(Properties.Environment) as { Variables: Record<string, unknown> };
    return Object.fromEntries(
      Object.entries(Variables).map(([name, value]) => [
        name,
        this.#secretArns.get(String(value)) ?? String(value),
      ]),
    );
  }

  /** A secret's ARN as the template's values have it, for the one that moto gave it. */
  templateArn(arn: string): string {
    return [...this.#secretArns].find(([, given]) => given === arn)?.[0] ?? arn;
  }

  /** What Lambda would hand over of a queue: all of its messages, in one batch. */
  async batch(queueId: string): Promise<SQSEvent> {
    const QueueUrl = this.values.text({ Ref: queueId });
    const Records: SQSRecord[] = [];
    for (;;) {
      const { Messages = [] } = await this.#sqs().send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      if (Messages.length === 0) return { Records };
      Records.push(...Messages.map(({ MessageId = "", Body = "" }) => sqsRecord(MessageId, Body)));
    }
  }

  async #secret(id: string, { Name, GenerateSecretString }: Properties): Promise<void> {
    const { ARN = "" } = await new SecretsManagerClient(this.#config).send(
      new CreateSecretCommand({
        Name: String(Name),
        ...(GenerateSecretString !== undefined && { SecretString: "a generated secret" }),
      }),
    );
    this.#secretArns.set(this.values.text({ Ref: id }), ARN);
  }

  #sqs(): SQSClient {
    return new SQSClient({ ...this.#config, useQueueUrlAsEndpoint: false });
  }
}

type Properties = Readonly<Record<string, unknown>>;

/** A message as Lambda hands it over. */
export function sqsRecord(messageId: string, body: string): SQSRecord {
  return { messageId, body, eventSource: "aws:sqs" } as SQSRecord;
}
