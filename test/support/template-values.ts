import type { Resource, Template } from "../../deploy/plugins/serverless.ts";

/** Where a template is taken to be deployed. */
export interface DeployedAt {
  readonly accountId: string;
  readonly region: string;
}

/**
 * Works out a template's values as CloudFormation would: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, `Fn::Select` and
 * `Fn::Split`, as far as this project's templates use them. Names that CloudFormation makes up are the logical ids.
 */
export class TemplateValues {
  readonly #template: Template;
  readonly #at: DeployedAt;

  constructor(template: Template, at: DeployedAt) {
    this.#template = template;
    this.#at = at;
  }

  /** @throws Error for a reference to nothing, or a function that is not known */
  value(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== "object" || value === null) return value;
    const [[name = "", argument] = []] = Object.entries(value);
    if (Object.keys(value).length !== 1 || !(name === "Ref" || name.startsWith("Fn::"))) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.value(item)]));
    }
    if (name === "Ref") return this.#ref(String(argument));
    if (name === "Fn::Sub") return this.#substituted(String(argument));
    const [first, second] = argument as readonly [unknown, unknown];
    if (name === "Fn::GetAtt") return this.#attribute(String(first), String(second));
    if (name === "Fn::Join") return (this.value(second) as readonly string[]).join(String(first));
    if (name === "Fn::Split") return this.text(second).split(String(first));
    if (name === "Fn::Select") return (this.value(second) as readonly unknown[])[Number(first)];
    throw new Error(`The function ${name} is not known`);
  }

  text(value: unknown): string {
    return String(this.value(value));
  }

  #substituted(text: string): string {
    return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      const [id = "", attribute] = name.split(".");
      return attribute === undefined ? this.#ref(id) : this.#attribute(id, attribute);
    });
  }

  #ref(id: string): string {
    const { accountId, region } = this.#at;
    const pseudo: Readonly<Record<string, string>> = {
      "AWS::AccountId": accountId,
      "AWS::Region": region,
      "AWS::Partition": "aws",
      "AWS::URLSuffix": "amazonaws.com",
    };
    if (pseudo[id] !== undefined) return pseudo[id];
    const { Type } = this.#resource(id);
    if (Type === "AWS::SQS::Queue") {
      return `https://sqs.${region}.amazonaws.com/${accountId}/${this.#name(id)}`;
    }
    return Type === "AWS::SNS::Topic" || Type === "AWS::SecretsManager::Secret"
      ? this.#arn(id)
      : this.#name(id);
  }

  #attribute(id: string, attribute: string): string {
    if (attribute === "Arn") return this.#arn(id);
    if (attribute === "QueueName" || attribute === "Name") return this.#name(id);
    if (attribute === "FunctionUrl")
      return `https://${id.toLowerCase()}.lambda-url.${this.#at.region}.on.aws/`;
    throw new Error(`The attribute ${attribute} is not known`);
  }

  #arn(id: string): string {
    const { accountId, region } = this.#at;
    const name = this.#name(id);
    const arns: Readonly<Record<string, string>> = {
      "AWS::S3::Bucket": `arn:aws:s3:::${name}`,
      "AWS::IAM::Role": `arn:aws:iam::${accountId}:role/${name}`,
      "AWS::SQS::Queue": `arn:aws:sqs:${region}:${accountId}:${name}`,
      "AWS::SNS::Topic": `arn:aws:sns:${region}:${accountId}:${name}`,
      "AWS::DynamoDB::Table": `arn:aws:dynamodb:${region}:${accountId}:table/${name}`,
      "AWS::Lambda::Function": `arn:aws:lambda:${region}:${accountId}:function:${name}`,
      "AWS::Logs::LogGroup": `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`,
      "AWS::Events::EventBus": `arn:aws:events:${region}:${accountId}:event-bus/${name}`,
      "AWS::Events::Rule": `arn:aws:events:${region}:${accountId}:rule/${name}`,
      "AWS::SecretsManager::Secret": `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-AbCdEf`,
    };
    const arn = arns[this.#resource(id).Type];
    if (arn === undefined) throw new Error(`The ARN of ${id} is not known`);
    return arn;
  }

  #name(id: string): string {
    const properties = this.#resource(id).Properties;
    const key = [
      "QueueName",
      "TopicName",
      "TableName",
      "RoleName",
      "FunctionName",
      "LogGroupName",
      "Name",
    ].find((name) => properties[name] !== undefined);
    return key === undefined ? id.toLowerCase() : this.text(properties[key]);
  }

  #resource(id: string): Resource {
    const resource = this.#template.Resources[id];
    if (resource === undefined) throw new Error(`The template has no ${id}`);
    return resource;
  }
}
