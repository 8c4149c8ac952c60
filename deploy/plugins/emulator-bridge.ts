import {
  DynamoDBClient,
  type PointInTimeRecoverySpecification,
  type TimeToLiveSpecification,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { type LifecycleRule, PutBucketLifecycleConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { isLocalStack, skipImages, spellOutNumbers } from "./localstack.ts";
import { isMiniStack, nameFunctionUrl } from "./ministack.ts";
import type { AwsProvider, Hooks, PluginWriters, Serverless, Template } from "./serverless.ts";
import { stackResources } from "./stack-resources.ts";

/**
 * Bridges what emulators lack. Does nothing where `AWS_ENDPOINT_URL` is not set.
 *
 * - Their CloudFormation drops tables' time to live and point-in-time recovery, and buckets' lifecycles: set by API.
 * - MiniStack names function URLs as AWS does, and serves them under a path of its own: the endpoint and its clients in
 *   the stack are told that address.
 * - LocalStack hands numbers to SNS, which takes texts; forgets on removal what was not brought by a change set; and has no ECR,
 *   where `remove` looks for images.
 */
export default class EmulatorBridge {
  readonly hooks: Hooks;

  constructor(serverless: Serverless, _options: unknown, { log }: PluginWriters) {
    const endpoint = process.env.AWS_ENDPOINT_URL;
    if (!endpoint) {
      this.hooks = {};
      return;
    }
    const template = (): Template => serverless.service.provider.compiledCloudFormationTemplate;
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": async () => {
        if (await isMiniStack(endpoint)) nameFunctionUrl(template(), endpoint);
        if (await isLocalStack(endpoint)) spellOutNumbers(template());
      },
      "before:deploy:deploy": async () => {
        if (await isLocalStack(endpoint)) serverless.service.provider.deploymentMethod = "changesets";
      },
      "before:remove:remove": async () => {
        if (await isLocalStack(endpoint)) skipImages(serverless);
      },
      "after:aws:deploy:deploy:updateStack": async () => {
        await setDropped(template(), serverless.getProvider("aws"));
        log.notice("Set by API what emulators' CloudFormation drops: times to live, backups, lifecycles");
      },
    };
  }
}

async function setDropped({ Resources }: Template, provider: AwsProvider): Promise<void> {
  const config = await provider.getAwsSdkV3Config();
  const dynamo = new DynamoDBClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const names = await stackResources(provider);
  for (const [id, { Type, Properties }] of Object.entries(Resources)) {
    const name = names.get(id);
    if (Type === "AWS::DynamoDB::Table") await setTable(dynamo, name, Properties);
    if (Type === "AWS::S3::Bucket") await setBucket(s3, name, Properties);
  }
}

interface TableProperties {
  readonly TimeToLiveSpecification?: TimeToLiveSpecification;
  readonly PointInTimeRecoverySpecification?: PointInTimeRecoverySpecification;
}

async function setTable(
  dynamo: DynamoDBClient,
  TableName: string | undefined,
  { TimeToLiveSpecification, PointInTimeRecoverySpecification }: TableProperties,
): Promise<void> {
  if (TimeToLiveSpecification !== undefined) {
    await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  }
  await dynamo.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
}

/** A lifecycle rule as CloudFormation has it: as much of one as buckets.yml uses. */
interface TemplateRule {
  readonly Id: string;
  readonly Status: "Enabled" | "Disabled";
  readonly ExpirationInDays?: number;
  readonly ExpiredObjectDeleteMarker?: boolean;
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

interface BucketProperties {
  readonly LifecycleConfiguration?: { readonly Rules: readonly TemplateRule[] };
}

async function setBucket(
  s3: S3Client,
  Bucket: string | undefined,
  { LifecycleConfiguration: lifecycle }: BucketProperties,
): Promise<void> {
  if (lifecycle === undefined) return;
  const LifecycleConfiguration = { Rules: lifecycle.Rules.map(apiRule) };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
}

function apiRule(rule: TemplateRule): LifecycleRule {
  const { Id: ID, ExpirationInDays: Days, ExpiredObjectDeleteMarker, ...rest } = rule;
  const expires = Days !== undefined || ExpiredObjectDeleteMarker !== undefined;
  return {
    ...rest,
    ID,
    Filter: { Prefix: "" },
    ...(expires && { Expiration: { Days, ExpiredObjectDeleteMarker } }),
  };
}
