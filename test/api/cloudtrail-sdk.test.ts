import {
  AddTagsCommand,
  CloudTrailClient,
  CreateChannelCommand,
  CreateTrailCommand,
  DeleteChannelCommand,
  DeleteResourcePolicyCommand,
  DeleteTrailCommand,
  DeregisterOrganizationDelegatedAdminCommand,
  DescribeTrailsCommand,
  GetChannelCommand,
  GetEventConfigurationCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetResourcePolicyCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListChannelsCommand,
  ListPublicKeysCommand,
  ListTagsCommand,
  ListTrailsCommand,
  LookupEventsCommand,
  PutEventConfigurationCommand,
  PutEventSelectorsCommand,
  PutInsightSelectorsCommand,
  PutResourcePolicyCommand,
  RegisterOrganizationDelegatedAdminCommand,
  RemoveTagsCommand,
  StartLoggingCommand,
  StartQueryCommand,
  StopLoggingCommand,
  UpdateChannelCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import type { OperationName } from "../../shared/api/operation.ts";
import { isSupported } from "../../shared/api/operations.ts";
import { CLOUDTRAIL_MODEL } from "../../shared/api/service-model.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";
import { readLogFiles } from "../support/log-files.ts";

const REGION = "us-east-1";
const MANAGEMENT = "111122223333";
const MEMBER = "444455556666";
const OTHER_MEMBER = "777788889999";
const OUTSIDER = "123456789012";
const ORGANIZATION = "o-exampleorgid";
const BUCKET = "sdk-logs";
const ARN = `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/main`;
const STORE = `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE`;
const DESTINATIONS = [{ Type: "EVENT_DATA_STORE" as const, Location: STORE }];
const NO_CHANNEL = `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:channel/00000000-0000-4000-8000-000000000000`;

let host: TestHost;
const clients = new Map<string, CloudTrailClient>();
const answered = new Set<string>();

beforeAll(async () => {
  host = await startTestHost({
    // Without rules: the remediation of the host would start a stopped trail again.
    intercept: { eventBus: () => new MemoryEventBus() },
    organization: {
      id: ORGANIZATION,
      managementAccountId: MANAGEMENT,
      memberAccountIds: [MEMBER, OTHER_MEMBER],
    },
  });
  const s3 = new S3Client({ ...clientSettings(host.endpoint), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await as().send(new CreateTrailCommand({ Name: "main", S3BucketName: BUCKET, IsMultiRegionTrail: true }));
});

afterAll(async () => {
  for (const client of clients.values()) client.destroy();
  await host.remove();
});

/** The client of an account in a region. It notes which operations were answered. */
function as(accountId = MANAGEMENT, region = REGION): CloudTrailClient {
  const key = `${accountId} ${region}`;
  const known = clients.get(key);
  if (known) return known;
  const credentials = { accessKeyId: accountId, secretAccessKey: "test" };
  const client = new CloudTrailClient({
    ...clientSettings(host.endpoint),
    region,
    credentials,
    maxAttempts: 1,
  });
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const result = await next(args);
        answered.add(commandName.replace(/Command$/, ""));
        return result;
      },
    { step: "initialize" },
  );
  clients.set(key, client);
  return client;
}

/** The code of the error that a call ends in. */
async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: Error) => error.name,
  );
}

describe("a trail", () => {
  test("lives from CreateTrail to DeleteTrail", async () => {
    const client = as();
    const Name = "life";

    const made = await client.send(new CreateTrailCommand({ Name, S3BucketName: BUCKET }));
    await client.send(new StartLoggingCommand({ Name }));
    const started = await client.send(new GetTrailStatusCommand({ Name }));
    await client.send(new StopLoggingCommand({ Name }));
    const stopped = await client.send(new GetTrailStatusCommand({ Name }));
    const updated = await client.send(new UpdateTrailCommand({ Name, S3KeyPrefix: "audit" }));
    const read = await client.send(new GetTrailCommand({ Name }));
    const described = await client.send(new DescribeTrailsCommand({ trailNameList: [Name] }));
    const listed = await client.send(new ListTrailsCommand({}));
    await client.send(new DeleteTrailCommand({ Name }));
    const gone = await client.send(new DescribeTrailsCommand({ trailNameList: [Name] }));

    expect(made).toMatchObject({ Name, S3BucketName: BUCKET, IsMultiRegionTrail: false });
    expect(started).toMatchObject({ IsLogging: true, StartLoggingTime: expect.any(Date) });
    expect(stopped).toMatchObject({ IsLogging: false, StopLoggingTime: expect.any(Date) });
    expect(updated.S3KeyPrefix).toBe("audit");
    expect(read.Trail).toMatchObject({ Name, HomeRegion: REGION, S3KeyPrefix: "audit" });
    expect(described.trailList).toEqual([read.Trail]);
    expect(listed.Trails).toContainEqual({ Name, TrailARN: made.TrailARN, HomeRegion: REGION });
    expect(gone.trailList).toEqual([]);
  });

  test("has event selectors, Insight selectors, aggregations and tags", async () => {
    const client = as();
    const TrailName = "main";
    const InsightSelectors = [
      { InsightType: "ApiCallRateInsight" as const },
      { InsightType: "ApiErrorRateInsight" as const, EventCategories: ["Management" as const] },
    ];
    const AggregationConfigurations = [
      { Templates: ["API_ACTIVITY" as const], EventCategory: "Data" as const },
    ];
    const tag = { Key: "team", Value: "a" };

    await client.send(
      new PutEventSelectorsCommand({
        TrailName,
        EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: true }],
      }),
    );
    await client.send(new PutInsightSelectorsCommand({ TrailName, InsightSelectors }));
    await client.send(new PutEventConfigurationCommand({ TrailName, AggregationConfigurations }));
    await client.send(new AddTagsCommand({ ResourceId: ARN, TagsList: [tag, { Key: "gone" }] }));
    await client.send(new RemoveTagsCommand({ ResourceId: ARN, TagsList: [{ Key: "gone" }] }));
    const selectors = await client.send(new GetEventSelectorsCommand({ TrailName }));
    const insights = await client.send(new GetInsightSelectorsCommand({ TrailName }));
    const configuration = await client.send(new GetEventConfigurationCommand({ TrailName: ARN }));
    const tags = await client.send(new ListTagsCommand({ ResourceIdList: [ARN] }));
    const { Trail } = await client.send(new GetTrailCommand({ Name: TrailName }));
    await client.send(new PutInsightSelectorsCommand({ TrailName, InsightSelectors: [] }));
    await client.send(new PutEventConfigurationCommand({ TrailName, AggregationConfigurations: [] }));
    const after = await client.send(new GetTrailCommand({ Name: TrailName }));

    expect(selectors.EventSelectors).toHaveLength(1);
    expect(insights).toMatchObject({ TrailARN: ARN, InsightSelectors });
    expect(configuration).toMatchObject({ TrailARN: ARN, AggregationConfigurations });
    expect(tags.ResourceTagList).toEqual([{ ResourceId: ARN, TagsList: [tag] }]);
    expect(Trail?.HasInsightSelectors).toBe(true);
    expect(after.Trail?.HasInsightSelectors).toBe(false);
  });
});

test("the keys of digests and the events of the account can be asked for", async () => {
  const client = as(OUTSIDER);
  await client.send(new ListTrailsCommand({}));

  const { PublicKeyList } = await client.send(new ListPublicKeysCommand({}));
  const findEvents = () =>
    client.send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "ListTrails" }],
      }),
    );

  await expect.poll(async () => (await findEvents()).Events?.length, { timeout: 5_000 }).toBe(1);
  expect(PublicKeyList?.every(({ Value }) => Value instanceof Uint8Array)).toBe(true);
});

describe("a channel", () => {
  test("lives from CreateChannel to DeleteChannel, with a policy and tags", async () => {
    const client = as();
    const made = await client.send(
      new CreateChannelCommand({
        Name: "shop",
        Source: "Custom",
        Destinations: DESTINATIONS,
        Tags: [{ Key: "team", Value: "a" }],
      }),
    );
    const Channel = made.ChannelArn ?? "";
    const ResourcePolicy = policy(Channel);

    await client.send(new UpdateChannelCommand({ Channel, Name: "store" }));
    const read = await client.send(new GetChannelCommand({ Channel: Channel.split("/")[1] }));
    const listed = await client.send(new ListChannelsCommand({}));
    const tags = await client.send(new ListTagsCommand({ ResourceIdList: [Channel] }));
    await client.send(new PutResourcePolicyCommand({ ResourceArn: Channel, ResourcePolicy }));
    const policyRead = await client.send(new GetResourcePolicyCommand({ ResourceArn: Channel }));
    await client.send(new DeleteResourcePolicyCommand({ ResourceArn: Channel }));
    const policyGone = await codeOf(client.send(new GetResourcePolicyCommand({ ResourceArn: Channel })));
    await client.send(new DeleteChannelCommand({ Channel }));
    const gone = await codeOf(client.send(new GetChannelCommand({ Channel })));

    expect(made).toMatchObject({ Name: "shop", Source: "Custom", Destinations: DESTINATIONS });
    expect(read).toMatchObject({ ChannelArn: Channel, Name: "store", Source: "Custom" });
    expect(listed.Channels).toEqual([{ ChannelArn: Channel, Name: "store" }]);
    expect(tags.ResourceTagList).toEqual([{ ResourceId: Channel, TagsList: [{ Key: "team", Value: "a" }] }]);
    expect(policyRead).toMatchObject({ ResourceArn: Channel, ResourcePolicy });
    expect([policyGone, gone]).toEqual(["ResourcePolicyNotFoundException", "ChannelNotFoundException"]);
  });

  test("is listed in pages, and only so many can be made in a region", async () => {
    const client = as(OUTSIDER);
    const make = (index: number) =>
      client.send(
        new CreateChannelCommand({ Name: `channel-${index}`, Source: "Custom", Destinations: DESTINATIONS }),
      );
    await Promise.all(Array.from({ length: 25 }, (_, index) => make(index)));

    const first = await client.send(new ListChannelsCommand({ MaxResults: 20 }));
    const second = await client.send(new ListChannelsCommand({ MaxResults: 20, NextToken: first.NextToken }));

    const names = [...(first.Channels ?? []), ...(second.Channels ?? [])].map(({ Name }) => Name);
    expect(new Set(names).size).toBe(25);
    expect(second.NextToken).toBeUndefined();
    expect(await codeOf(make(25))).toBe("ChannelMaxLimitExceededException");
    expect(await codeOf(client.send(new ListChannelsCommand({ NextToken: "none" })))).toBe(
      "InvalidNextTokenException",
    );
  });
});

describe("an organization trail", () => {
  test("is made by a delegated administrator, seen by members, and takes their events under the organization's id", async () => {
    const [management, administrator, member] = [as(), as(MEMBER), as(OTHER_MEMBER)];
    const make = new CreateTrailCommand({
      Name: "all-accounts",
      S3BucketName: BUCKET,
      IsMultiRegionTrail: true,
      IsOrganizationTrail: true,
    });

    const early = await codeOf(administrator.send(make));
    await management.send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: MEMBER }));
    const { TrailARN = "", IsOrganizationTrail } = await administrator.send(make);
    await administrator.send(new StartLoggingCommand({ Name: TrailARN }));
    const seen = await member.send(new DescribeTrailsCommand({}));
    const changed = await codeOf(member.send(new StopLoggingCommand({ Name: TrailARN })));
    const record = recordLine({ eventName: "MemberCall", recipientAccountId: OTHER_MEMBER });
    await putRecord(OTHER_MEMBER, record);
    await putRecord(OUTSIDER, recordLine({ eventName: "OutsiderCall", recipientAccountId: OUTSIDER }));
    await expect.poll(() => recordsOf("MemberCall"), { timeout: 10_000 }).toHaveLength(1);
    await administrator.send(new DeleteTrailCommand({ Name: TrailARN }));
    await management.send(
      new DeregisterOrganizationDelegatedAdminCommand({ DelegatedAdminAccountId: MEMBER }),
    );
    const { trailList } = await member.send(new DescribeTrailsCommand({}));

    expect(early).toBe("NotOrganizationMasterAccountException");
    expect(TrailARN).toBe(`arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/all-accounts`);
    expect(IsOrganizationTrail).toBe(true);
    expect(seen.trailList).toMatchObject([{ TrailARN, IsOrganizationTrail: true }]);
    expect(changed).toBe("NotOrganizationMasterAccountException");
    expect(recordsOf("OutsiderCall")).toEqual([]);
    expect([...readLogFiles(host.dataDir, BUCKET).keys()]).toContainEqual(
      expect.stringMatching(`^AWSLogs/${ORGANIZATION}/${OTHER_MEMBER}/CloudTrail/${REGION}/`),
    );
    expect(trailList).toEqual([]);
  });
});

function recordsOf(eventName: string): readonly unknown[] {
  return host.records(BUCKET).filter((record) => record.eventName === eventName);
}

async function putRecord(accountId: string, record: string): Promise<void> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/${REGION}/cloudtrail/aws4_request, SignedHeaders=host, Signature=00`;
  await fetch(`${host.endpoint}/_opentrail/records`, {
    method: "POST",
    headers: { authorization },
    body: record,
  });
}

function policy(Resource: string, changes: object = {}): string {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: [`arn:aws:iam::${MEMBER}:root`] },
    Action: "cloudtrail-data:PutAuditEvents",
    Resource,
    ...changes,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

const TRAIL = { Name: "another", S3BucketName: BUCKET };
const LOG_GROUP = `arn:aws:logs:${REGION}:${MANAGEMENT}:log-group:none:*`;
const ROLE = `arn:aws:iam::${MANAGEMENT}:role/CloudTrailToLogs`;

describe("a call that cannot be done gets the modelled error", () => {
  test.each([
    ["TrailAlreadyExistsException", new CreateTrailCommand({ ...TRAIL, Name: "main" })],
    ["S3BucketDoesNotExistException", new CreateTrailCommand({ ...TRAIL, S3BucketName: "no-such-bucket" })],
    ["InvalidS3BucketNameException", new CreateTrailCommand({ ...TRAIL, S3BucketName: "No_Bucket" })],
    ["InvalidS3PrefixException", new CreateTrailCommand({ ...TRAIL, S3KeyPrefix: "x".repeat(201) })],
    ["InvalidSnsTopicNameException", new CreateTrailCommand({ ...TRAIL, SnsTopicName: "a b" })],
    ["InsufficientSnsTopicPolicyException", new CreateTrailCommand({ ...TRAIL, SnsTopicName: "none" })],
    ["InvalidKmsKeyIdException", new CreateTrailCommand({ ...TRAIL, KmsKeyId: "a key" })],
    ["InvalidTrailNameException", new CreateTrailCommand({ ...TRAIL, Name: "a" })],
    [
      "InvalidParameterCombinationException",
      new CreateTrailCommand({ ...TRAIL, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false }),
    ],
    [
      "InvalidCloudWatchLogsLogGroupArnException",
      new CreateTrailCommand({ ...TRAIL, CloudWatchLogsLogGroupArn: LOG_GROUP, CloudWatchLogsRoleArn: ROLE }),
    ],
    [
      "InvalidCloudWatchLogsRoleArnException",
      new CreateTrailCommand({ ...TRAIL, CloudWatchLogsLogGroupArn: LOG_GROUP }),
    ],
    ["InvalidTagParameterException", new CreateTrailCommand({ ...TRAIL, TagsList: [{ Key: "aws:x" }] })],
    [
      "TagsLimitExceededException",
      new AddTagsCommand({
        ResourceId: ARN,
        TagsList: Array.from({ length: 51 }, (_, n) => ({ Key: `${n}` })),
      }),
    ],
    ["CloudTrailARNInvalidException", new AddTagsCommand({ ResourceId: "main", TagsList: [{ Key: "a" }] })],
    ["ResourceNotFoundException", new ListTagsCommand({ ResourceIdList: [`${ARN}-2`] })],
    ["ChannelNotFoundException", new AddTagsCommand({ ResourceId: NO_CHANNEL, TagsList: [{ Key: "a" }] })],
    ["EventDataStoreNotFoundException", new ListTagsCommand({ ResourceIdList: [STORE] })],
    [
      "ResourceTypeNotSupportedException",
      new RemoveTagsCommand({ ResourceId: ARN.replace("trail/", "rule/"), TagsList: [{ Key: "a" }] }),
    ],
    ["TrailNotFoundException", new GetTrailCommand({ Name: "nobody" })],
    ["TrailNotFoundException", new GetTrailStatusCommand({ Name: "nobody" })],
    ["TrailNotFoundException", new DeleteTrailCommand({ Name: "nobody" })],
    ["TrailNotFoundException", new UpdateTrailCommand({ Name: "nobody" })],
    ["TrailNotFoundException", new StartLoggingCommand({ Name: "nobody" })],
    ["TrailNotFoundException", new StopLoggingCommand({ Name: "nobody" })],
    ["CloudTrailARNInvalidException", new GetTrailCommand({ Name: "arn:aws:cloudtrail:x" })],
    ["InvalidTrailNameException", new DescribeTrailsCommand({ trailNameList: ["-"] })],
    [
      "InvalidTimeRangeException",
      new ListPublicKeysCommand({ StartTime: new Date(2), EndTime: new Date(1) }),
    ],
    [
      "InvalidTimeRangeException",
      new LookupEventsCommand({ StartTime: new Date(2000), EndTime: new Date(1000) }),
    ],
    ["InvalidMaxResultsException", new LookupEventsCommand({ MaxResults: 51 })],
    ["InvalidNextTokenException", new LookupEventsCommand({ NextToken: "none" })],
    ["InvalidEventCategoryException", new LookupEventsCommand({ EventCategory: "data" as "insight" })],
    [
      "InvalidLookupAttributesException",
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: "Id" as "EventId", AttributeValue: "1" }],
      }),
    ],
    ["InvalidTokenException", new ListTagsCommand({ ResourceIdList: [ARN], NextToken: "none" })],
    ["InvalidEventSelectorsException", new PutEventSelectorsCommand({ TrailName: "main" })],
    ["InsightNotEnabledException", new GetInsightSelectorsCommand({ TrailName: "main" })],
    ["InvalidParameterCombinationException", new GetInsightSelectorsCommand({})],
    ["UnsupportedOperationException", new GetInsightSelectorsCommand({ EventDataStore: STORE })],
    [
      "InvalidInsightSelectorsException",
      new PutInsightSelectorsCommand({
        TrailName: "main",
        InsightSelectors: [{ InsightType: "ApiCallRateInsight", EventCategories: ["Data"] }],
      }),
    ],
    [
      "InvalidInsightSelectorsException",
      new PutInsightSelectorsCommand({
        TrailName: "main",
        InsightSelectors: [{ InsightType: "X" as never }],
      }),
    ],
    [
      "InvalidParameterCombinationException",
      new PutEventConfigurationCommand({ TrailName: "main", EventDataStore: STORE }),
    ],
    [
      "InvalidParameterCombinationException",
      new PutEventConfigurationCommand({ TrailName: "main", MaxEventSize: "Large" }),
    ],
    ["InvalidParameterException", new PutEventConfigurationCommand({ TrailName: "main" })],
    ["EventDataStoreNotFoundException", new GetEventConfigurationCommand({ EventDataStore: STORE })],
    ["EventDataStoreARNInvalidException", new GetEventConfigurationCommand({ EventDataStore: ARN })],
    ["TrailNotFoundException", new GetEventConfigurationCommand({ TrailName: "nobody" })],
    [
      "InvalidSourceException",
      new CreateChannelCommand({ Name: "shop", Source: "Nobody", Destinations: DESTINATIONS }),
    ],
    [
      "EventDataStoreARNInvalidException",
      new CreateChannelCommand({
        Name: "shop",
        Source: "Custom",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: ARN }],
      }),
    ],
    [
      "OperationNotPermittedException",
      new CreateChannelCommand({
        Name: "shop",
        Source: "Custom",
        Destinations: [{ Type: "AWS_SERVICE", Location: "config" }],
      }),
    ],
    [
      "InvalidParameterException",
      new CreateChannelCommand({
        Name: "shop",
        Source: "Custom",
        Destinations: [...DESTINATIONS, ...DESTINATIONS],
      }),
    ],
    ["ChannelARNInvalidException", new GetChannelCommand({ Channel: "shop" })],
    ["ChannelNotFoundException", new UpdateChannelCommand({ Channel: NO_CHANNEL })],
    ["ChannelNotFoundException", new DeleteChannelCommand({ Channel: NO_CHANNEL })],
    ["ResourceARNNotValidException", new GetResourcePolicyCommand({ ResourceArn: "shop" })],
    ["ResourceTypeNotSupportedException", new GetResourcePolicyCommand({ ResourceArn: ARN })],
    ["ResourceNotFoundException", new DeleteResourcePolicyCommand({ ResourceArn: NO_CHANNEL })],
    ["ResourceNotFoundException", new PutResourcePolicyCommand({ ResourceArn: STORE, ResourcePolicy: "{}" })],
    [
      "CannotDelegateManagementAccountException",
      new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: MANAGEMENT }),
    ],
    [
      "AccountNotFoundException",
      new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: OUTSIDER }),
    ],
    [
      "AccountNotRegisteredException",
      new DeregisterOrganizationDelegatedAdminCommand({ DelegatedAdminAccountId: OTHER_MEMBER }),
    ],
    ["UnsupportedOperationException", new StartQueryCommand({ QueryStatement: "SELECT 1" })],
  ] as const)("%s %#", async (code, command) => {
    const thrown = await codeOf(as().send(command as GetTrailCommand));

    expect(thrown).toBe(code);
  });

  test.each([
    ["OrganizationsNotInUseException", OUTSIDER],
    ["NotOrganizationManagementAccountException", OTHER_MEMBER],
  ])("%s for an account that may not delegate", async (code, accountId) => {
    const call = as(accountId).send(
      new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: MEMBER }),
    );

    expect(await codeOf(call)).toBe(code);
  });

  test("a trail of the organization needs an organization", async () => {
    const call = as(OUTSIDER).send(new CreateTrailCommand({ ...TRAIL, IsOrganizationTrail: true }));

    expect(await codeOf(call)).toBe("OrganizationsNotInUseException");
  });

  test("AccountRegisteredException for a delegated administrator a second time", async () => {
    const register = () =>
      as().send(new RegisterOrganizationDelegatedAdminCommand({ MemberAccountId: OTHER_MEMBER }));
    await register();

    expect(await codeOf(register())).toBe("AccountRegisteredException");
    await as().send(
      new DeregisterOrganizationDelegatedAdminCommand({ DelegatedAdminAccountId: OTHER_MEMBER }),
    );
  });

  test("InvalidHomeRegionException for a change from another region than the trail's home", async () => {
    const client = as(MANAGEMENT, "eu-west-1");

    const codes = await Promise.all([
      codeOf(client.send(new UpdateTrailCommand({ Name: ARN }))),
      codeOf(client.send(new DeleteTrailCommand({ Name: ARN }))),
      codeOf(client.send(new StartLoggingCommand({ Name: ARN }))),
      codeOf(client.send(new StopLoggingCommand({ Name: ARN }))),
      codeOf(client.send(new PutInsightSelectorsCommand({ TrailName: ARN, InsightSelectors: [] }))),
      codeOf(
        client.send(new PutEventConfigurationCommand({ TrailName: ARN, AggregationConfigurations: [] })),
      ),
    ]);

    expect(new Set(codes)).toEqual(new Set(["InvalidHomeRegionException"]));
  });

  test("MaximumNumberOfTrailsExceededException for the sixth trail of a region", async () => {
    const client = as(OUTSIDER, "eu-west-1");
    const make = (index: number) =>
      client.send(new CreateTrailCommand({ Name: `trail-${index}`, S3BucketName: BUCKET }));
    for (let index = 0; index < 5; index += 1) await make(index);

    expect(await codeOf(make(5))).toBe("MaximumNumberOfTrailsExceededException");
  });

  test("a channel's name is given once, and its policy is checked", async () => {
    const client = as();
    const make = new CreateChannelCommand({ Name: "checked", Source: "Custom", Destinations: DESTINATIONS });
    const { ChannelArn: arn = "" } = await client.send(make);
    const put = (ResourcePolicy: string) =>
      codeOf(client.send(new PutResourcePolicyCommand({ ResourceArn: arn, ResourcePolicy })));

    const codes = [
      await put("{"),
      await put('{"Version":"2012-10-17","Statement":[]}'),
      await put(policy(NO_CHANNEL)),
      await put(policy(arn, { Action: "*" })),
      await put(policy(arn, { Effect: "Maybe" })),
      await put(policy(arn, { Principal: {} })),
      await put(policy(arn, { Condition: { Bool: { "aws:SecureTransport": "true" } } })),
    ];

    expect(new Set(codes)).toEqual(new Set(["ResourcePolicyNotValidException"]));
    expect(await put(policy(arn))).toBe("none");
    expect(await codeOf(client.send(make))).toBe("ChannelAlreadyExistsException");
  });
});

test("every operation that OpenTrail has was answered in this suite", () => {
  const operations = Object.keys(CLOUDTRAIL_MODEL.operations).filter((name) =>
    isSupported(name as OperationName),
  );

  expect([...answered].sort()).toEqual(operations.sort());
});
