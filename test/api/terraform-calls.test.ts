import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  RemoveTagsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand as ListLogGroupTagsCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand as ListRuleTagsCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";

/*
 * The calls that Terraform's AWS provider makes for a trail with all that belongs to it, in its order: the
 * configuration, each resource's creation and reading, an update that takes settings away with empty strings, and the
 * deletion with force_destroy. Terraform itself is not run here.
 */

const ACCOUNT = "111122223333";
const BUCKET = "terraform-logs";
const GROUP = "terraform-trail";
const GROUP_ARN = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${GROUP}`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/CloudTrailToLogs`;
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:terraform-deliveries`;
const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/terraform`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;
const TAGS = [{ Key: "team", Value: "security" }];

let host: TestHost;
let s3: S3Client;
let logs: CloudWatchLogsClient;
let sns: SNSClient;
let cloudTrail: CloudTrailClient;

beforeAll(async () => {
  // Without rules: the remediation of the host would start a stopped trail again.
  host = await startTestHost({ intercept: { eventBus: () => new MemoryEventBus() } });
  const settings = { ...clientSettings(host.endpoint), maxAttempts: 1 };
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  logs = new CloudWatchLogsClient(settings);
  sns = new SNSClient(settings);
  cloudTrail = new CloudTrailClient(settings);
});

afterAll(() => host.remove());

const statement = (service: string, Action: string, Resource: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action, Resource }],
  });

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "found",
    (error: Error) => error.name,
  );
}

/** What reading the resource aws_cloudtrail finds; undefined: it is gone, and Terraform makes it anew. */
async function readTrail() {
  const { trailList } = await cloudTrail.send(new DescribeTrailsCommand({ trailNameList: [TRAIL] }));
  const [trail] = trailList ?? [];
  if (trail === undefined) return undefined;
  const { IsLogging } = await cloudTrail.send(new GetTrailStatusCommand({ Name: TRAIL }));
  const { EventSelectors } = trail.HasCustomEventSelectors
    ? await cloudTrail.send(new GetEventSelectorsCommand({ TrailName: TRAIL }))
    : { EventSelectors: undefined };
  const { InsightSelectors } = trail.HasInsightSelectors
    ? await cloudTrail.send(new GetInsightSelectorsCommand({ TrailName: TRAIL }))
    : { InsightSelectors: undefined };
  const { ResourceTagList } = await cloudTrail.send(new ListTagsCommand({ ResourceIdList: [TRAIL] }));
  return { trail, IsLogging, EventSelectors, InsightSelectors, tags: ResourceTagList?.[0]?.TagsList };
}

test("the provider's configuration asks whose keys it has", async () => {
  const sts = new STSClient(clientSettings(host.endpoint));

  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:user/local`,
    UserId: expect.stringMatching(/^AIDA/),
  });
});

test("aws_s3_bucket and aws_s3_bucket_policy", async () => {
  const Bucket = BUCKET;
  const Policy = statement("cloudtrail.amazonaws.com", "s3:PutObject", `arn:aws:s3:::${BUCKET}/*`);

  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: TAGS } }));
  const head = await s3.send(new HeadBucketCommand({ Bucket }));
  const noPolicy = await codeOf(s3.send(new GetBucketPolicyCommand({ Bucket })));
  await s3.send(new GetBucketAclCommand({ Bucket }));
  await s3.send(new GetBucketVersioningCommand({ Bucket }));
  await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }));
  await s3.send(new GetBucketRequestPaymentCommand({ Bucket }));
  await s3.send(new GetBucketLoggingCommand({ Bucket }));
  const absent = await Promise.all([
    codeOf(s3.send(new GetBucketCorsCommand({ Bucket }))),
    codeOf(s3.send(new GetBucketWebsiteCommand({ Bucket }))),
    codeOf(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))),
    codeOf(s3.send(new GetBucketReplicationCommand({ Bucket }))),
    codeOf(s3.send(new GetBucketEncryptionCommand({ Bucket }))),
    codeOf(s3.send(new GetObjectLockConfigurationCommand({ Bucket }))),
  ]);
  const tagging = await s3.send(new GetBucketTaggingCommand({ Bucket }));
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  const policy = await s3.send(new GetBucketPolicyCommand({ Bucket }));

  expect(head.BucketRegion).toBe("us-east-1");
  expect(noPolicy).toBe("NoSuchBucketPolicy");
  expect(absent).toEqual([
    "NoSuchCORSConfiguration",
    "NoSuchWebsiteConfiguration",
    "NoSuchLifecycleConfiguration",
    "ReplicationConfigurationNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
    "ObjectLockConfigurationNotFoundError",
  ]);
  expect(tagging.TagSet).toEqual(TAGS);
  expect(policy.Policy).toBe(Policy);
});

test("aws_cloudwatch_log_group", async () => {
  await logs.send(
    new CreateLogGroupCommand({ logGroupName: GROUP, logGroupClass: "STANDARD", tags: { team: "security" } }),
  );
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 30 }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: GROUP }));
  const { tags } = await logs.send(new ListLogGroupTagsCommand({ resourceArn: GROUP_ARN }));
  await logs.send(new TagResourceCommand({ resourceArn: GROUP_ARN, tags: { stage: "prod" } }));
  await logs.send(new UntagResourceCommand({ resourceArn: GROUP_ARN, tagKeys: ["team"] }));
  const changed = await logs.send(new ListLogGroupTagsCommand({ resourceArn: `${GROUP_ARN}:*` }));

  expect(logGroups).toMatchObject([
    { logGroupName: GROUP, arn: `${GROUP_ARN}:*`, retentionInDays: 30, logGroupClass: "STANDARD" },
  ]);
  expect(tags).toEqual({ team: "security" });
  expect(changed.tags).toEqual({ stage: "prod" });
});

test("aws_sns_topic and aws_sns_topic_policy", async () => {
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName, AttributeValue }));
  const Policy = statement("cloudtrail.amazonaws.com", "SNS:Publish", TOPIC);

  await sns.send(new CreateTopicCommand({ Name: "terraform-deliveries", Tags: TAGS }));
  await set("DisplayName", "Deliveries");
  const made = await sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
  const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: TOPIC }));
  await set("Policy", Policy);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));

  expect(JSON.parse(made.Attributes?.Policy ?? "")).toMatchObject({
    Statement: [{ Principal: { AWS: "*" } }],
  });
  expect(Tags).toEqual(TAGS);
  expect(Attributes).toMatchObject({ Policy, Owner: ACCOUNT, DisplayName: "Deliveries" });
});

test("aws_sns_topic_subscription", async () => {
  const { SubscriptionArn = "" } = await sns.send(
    new SubscribeCommand({
      TopicArn: TOPIC,
      Protocol: "http",
      Endpoint: "http://127.0.0.1:9/hook",
      Attributes: { RawMessageDelivery: "true" },
      ReturnSubscriptionArn: true,
    }),
  );
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  const gone = await codeOf(sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })));

  expect(Attributes).toMatchObject({
    SubscriptionArn,
    TopicArn: TOPIC,
    Protocol: "http",
    Endpoint: "http://127.0.0.1:9/hook",
    RawMessageDelivery: "true",
    PendingConfirmation: "true",
    Owner: ACCOUNT,
  });
  expect(gone).toBe("NotFoundException");
});

test("aws_cloudwatch_event_rule and aws_cloudwatch_event_target", async () => {
  const events = new EventBridgeClient(clientSettings(host.endpoint));
  const EventBusName = "default";
  const EventPattern = JSON.stringify({ detail: { eventName: ["StopLogging"] } });

  const { RuleArn: ResourceARN } = await events.send(
    new PutRuleCommand({ Name: "stopped", EventBusName, EventPattern, State: "ENABLED", Tags: TAGS }),
  );
  const rule = await events.send(new DescribeRuleCommand({ Name: "stopped", EventBusName }));
  const tagged = await events.send(new ListRuleTagsCommand({ ResourceARN }));
  const put = await events.send(
    new PutTargetsCommand({ Rule: "stopped", EventBusName, Targets: [{ Id: "topic", Arn: TOPIC }] }),
  );
  const listed = await events.send(new ListTargetsByRuleCommand({ Rule: "stopped", EventBusName }));
  await events.send(new RemoveTargetsCommand({ Rule: "stopped", EventBusName, Ids: ["topic"], Force: true }));
  await events.send(new DeleteRuleCommand({ Name: "stopped", EventBusName, Force: true }));
  const gone = await codeOf(events.send(new DescribeRuleCommand({ Name: "stopped", EventBusName })));

  expect(rule).toMatchObject({ Name: "stopped", EventBusName, EventPattern, State: "ENABLED" });
  expect(tagged.Tags).toEqual(TAGS);
  expect([put.FailedEntryCount, listed.Targets]).toEqual([0, [{ Id: "topic", Arn: TOPIC }]]);
  expect(gone).toBe("ResourceNotFoundException");
});

test("aws_cloudtrail is created and read", async () => {
  const EventSelectors: EventSelector[] = [
    {
      ReadWriteType: "WriteOnly",
      IncludeManagementEvents: true,
      DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }],
    },
  ];
  const made = await cloudTrail.send(
    new CreateTrailCommand({
      Name: "terraform",
      S3BucketName: BUCKET,
      S3KeyPrefix: "audit",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: true,
      EnableLogFileValidation: true,
      CloudWatchLogsLogGroupArn: `${GROUP_ARN}:*`,
      CloudWatchLogsRoleArn: ROLE,
      KmsKeyId: KEY,
      SnsTopicName: "terraform-deliveries",
      TagsList: TAGS,
    }),
  );
  await cloudTrail.send(new StartLoggingCommand({ Name: made.TrailARN }));
  await cloudTrail.send(new PutEventSelectorsCommand({ TrailName: TRAIL, EventSelectors }));
  await cloudTrail.send(
    new PutInsightSelectorsCommand({
      TrailName: TRAIL,
      InsightSelectors: [{ InsightType: "ApiCallRateInsight" }],
    }),
  );

  expect(made.TrailARN).toBe(TRAIL);
  expect(await readTrail()).toMatchObject({
    trail: {
      Name: "terraform",
      TrailARN: TRAIL,
      HomeRegion: "us-east-1",
      S3BucketName: BUCKET,
      S3KeyPrefix: "audit",
      KmsKeyId: KEY,
      SnsTopicARN: TOPIC,
      SnsTopicName: "terraform-deliveries",
      CloudWatchLogsLogGroupArn: `${GROUP_ARN}:*`,
      CloudWatchLogsRoleArn: ROLE,
      LogFileValidationEnabled: true,
      IsMultiRegionTrail: true,
      IsOrganizationTrail: false,
    },
    IsLogging: true,
    EventSelectors,
    InsightSelectors: [{ InsightType: "ApiCallRateInsight" }],
    tags: TAGS,
  });
});

test("aws_cloudtrail is updated: empty strings take settings away, and a second plan would find nothing to do", async () => {
  await cloudTrail.send(
    new UpdateTrailCommand({
      Name: TRAIL,
      S3KeyPrefix: "",
      KmsKeyId: "",
      SnsTopicName: "",
      CloudWatchLogsLogGroupArn: "",
      CloudWatchLogsRoleArn: "",
      EnableLogFileValidation: false,
    }),
  );
  await cloudTrail.send(new StopLoggingCommand({ Name: TRAIL }));
  await cloudTrail.send(
    new PutEventSelectorsCommand({
      TrailName: TRAIL,
      EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: "All", DataResources: [] }],
    }),
  );
  await cloudTrail.send(new PutInsightSelectorsCommand({ TrailName: TRAIL, InsightSelectors: [] }));
  await cloudTrail.send(new RemoveTagsCommand({ ResourceId: TRAIL, TagsList: TAGS }));

  const read = await readTrail();

  expect(read).toMatchObject({ IsLogging: false, tags: [] });
  expect(read?.InsightSelectors).toBeUndefined();
  for (const gone of [
    "S3KeyPrefix",
    "KmsKeyId",
    "SnsTopicARN",
    "SnsTopicName",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
  ]) {
    expect(read?.trail).not.toHaveProperty(gone);
  }
  // The provider takes one selector of all management events, without data, for none.
  expect(read?.EventSelectors ?? []).toEqual([]);
});

test("all is deleted, a bucket with force_destroy too, and read as gone", async () => {
  await cloudTrail.send(new DeleteTrailCommand({ Name: TRAIL }));
  const again = await codeOf(cloudTrail.send(new DeleteTrailCommand({ Name: TRAIL })));
  await expect.poll(() => host.records(BUCKET).length, { timeout: 10_000 }).toBeGreaterThan(0);
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: BUCKET }));
  const full = await codeOf(s3.send(new DeleteBucketCommand({ Bucket: BUCKET })));
  // What the trail had accepted may still come: the provider empties the bucket until it can be deleted.
  const found: Emptied[] = [];
  let refusal = full;
  while (refusal === "BucketNotEmpty" && found.length < 100) {
    found.push(await emptyBucket());
    refusal = await codeOf(s3.send(new DeleteBucketCommand({ Bucket: BUCKET })));
  }
  await sns.send(new DeleteTopicCommand({ TopicArn: TOPIC }));
  await logs.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));

  expect(again).toBe("TrailNotFoundException");
  expect(await readTrail()).toBeUndefined();
  expect(full).toBe("BucketNotEmpty");
  expect(refusal).toBe("found");
  expect(found[0]?.listed.Versions?.[0]).toMatchObject({ VersionId: "null", IsLatest: true });
  expect(found.flatMap(({ listed, errors }) => [...(listed.DeleteMarkers ?? []), ...errors])).toEqual([]);
  expect(await codeOf(s3.send(new HeadBucketCommand({ Bucket: BUCKET })))).toBe("NotFound");
  expect(await codeOf(sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC })))).toBe(
    "NotFoundException",
  );
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: GROUP }));
  expect(logGroups).toEqual([]);
});

interface Emptied {
  readonly listed: ListObjectVersionsCommandOutput;
  readonly errors: readonly unknown[];
}

/** Deletes what is in the bucket. */
async function emptyBucket(): Promise<Emptied> {
  const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
  const Objects = (listed.Versions ?? []).map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (Objects.length === 0) return { listed, errors: [] };
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects, Quiet: true } }),
  );
  return { listed, errors: Errors };
}
