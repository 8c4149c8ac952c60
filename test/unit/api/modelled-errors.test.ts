import { Readable } from "node:stream";
import * as sdk from "@aws-sdk/client-cloudtrail";
import { CloudTrailClient, CloudTrailServiceException } from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLogGroups } from "../../../shared/adapters/memory/log-groups.ts";
import { MemoryObjectStore } from "../../../shared/adapters/memory/object-store.ts";
import { MemorySettingStore } from "../../../shared/adapters/memory/setting-store.ts";
import { MemorySigningKeys } from "../../../shared/adapters/memory/signing-keys.ts";
import { MemoryTopics } from "../../../shared/adapters/memory/topics.ts";
import { MemoryTrailStore } from "../../../shared/adapters/memory/trail-store.ts";
import { makeCloudTrailApi } from "../../../shared/api/cloudtrail.ts";
import type { ApiRequest, Caller } from "../../../shared/api/http.ts";
import type { OperationName } from "../../../shared/api/operation.ts";
import { isSupported } from "../../../shared/api/operations.ts";
import { CLOUDTRAIL_MODEL } from "../../../shared/api/service-model.ts";
import { violationsOf } from "../../../shared/api/validate.ts";
import type { JsonObject, JsonValue } from "../../../shared/event/json.ts";
import { withOrganizationTrails } from "../../../shared/organization/organization-trails.ts";
import { ConcurrentTrailChange } from "../../../shared/ports/trail-store.ts";
import { testCaller, testRequest } from "../../support/api-request.ts";

/*
 * Driven by the real SDK client: every operation of the service model with every error that the model has for it: each is either provoked by a call
 * here, or stands in one of the lists of those that cannot be, with the reason.
 */

const NOW = Date.UTC(2026, 0, 2);
const MANAGEMENT = "111122223333";
const MEMBERS = ["444455556666", "555566667777", "666677778888", "777788889999"];
const [MEMBER = "", ADMINISTRATOR = "", ...OTHERS] = MEMBERS;
const OUTSIDER = "123456789012";

const arnOf = (type: string, name: string): string =>
  `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:${type}/${name}`;
const MAIN = arnOf("trail", "main");
const ORGANIZATION_TRAIL = arnOf("trail", "all-accounts");
const STORE = arnOf("eventdatastore", "EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE");
const NO_CHANNEL = arnOf("channel", "00000000-0000-4000-8000-000000000000");
const DESTINATIONS = [{ Type: "EVENT_DATA_STORE", Location: STORE }];

const makeChannel = { Name: "another", Source: "Custom", Destinations: DESTINATIONS };
const makeTrail = { Name: "another", S3BucketName: "logs-bucket" };
const tooManyTags = Array.from({ length: 51 }, (_, index) => ({ Key: `${index}` }));
const LOG_GROUP = {
  CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${MANAGEMENT}:log-group:none:*`,
  CloudWatchLogsRoleArn: `arn:aws:iam::${MANAGEMENT}:role/CloudTrailToLogs`,
};
const ABROAD: Partial<Caller> = { region: "eu-west-1" };
const as = (accountId: string): Partial<Caller> => ({ accountId });

type Case = readonly [operation: OperationName, code: string, input: object, caller?: Partial<Caller>];

/** `shop` and `full` are channels that are there; `full` is one of 25 in its region. */
const SHOP = "channel of the test";

/** What is wrong with the name of a trail, for an operation that takes one as `member`. */
function badNames(operation: OperationName, member: string, others: object = {}): readonly Case[] {
  return [
    [operation, "TrailNotFoundException", { [member]: "nobody", ...others }],
    [operation, "InvalidTrailNameException", { [member]: "a", ...others }],
    [operation, "CloudTrailARNInvalidException", { [member]: "arn:aws:cloudtrail:x", ...others }],
  ];
}

/** As `badNames`, and for a trail that the caller may see and not change. */
function badChanges(operation: OperationName, member: string, others: object = {}): readonly Case[] {
  return [
    ...badNames(operation, member, others),
    [operation, "InvalidHomeRegionException", { [member]: MAIN, ...others }, ABROAD],
    [
      operation,
      "NotOrganizationMasterAccountException",
      { [member]: ORGANIZATION_TRAIL, ...others },
      as(MEMBER),
    ],
  ];
}

function badTagged(operation: OperationName, idMember: string, others: object): readonly Case[] {
  const named = (id: string): object => ({
    [idMember]: idMember === "ResourceIdList" ? [id] : id,
    ...others,
  });
  return [
    [operation, "ResourceNotFoundException", named(arnOf("trail", "nobody"))],
    [operation, "CloudTrailARNInvalidException", named("main")],
    [operation, "ResourceTypeNotSupportedException", named(arnOf("rule", "main"))],
    [operation, "EventDataStoreNotFoundException", named(STORE)],
  ];
}

function badTrailSettings(operation: "CreateTrail" | "UpdateTrail", base: object): readonly Case[] {
  const wrong: Readonly<Record<string, object>> = {
    S3BucketDoesNotExistException: { S3BucketName: "no-such-bucket" },
    InvalidS3BucketNameException: { S3BucketName: "No_Bucket" },
    InvalidS3PrefixException: { S3KeyPrefix: "x".repeat(201) },
    InvalidSnsTopicNameException: { SnsTopicName: "a b" },
    InsufficientSnsTopicPolicyException: { SnsTopicName: "none" },
    InvalidKmsKeyIdException: { KmsKeyId: "a key" },
    InvalidParameterCombinationException: { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
    InvalidCloudWatchLogsLogGroupArnException: LOG_GROUP,
    InvalidCloudWatchLogsRoleArnException: { ...LOG_GROUP, CloudWatchLogsRoleArn: "role" },
  };
  return Object.entries(wrong).map(([code, change]) => [operation, code, { ...base, ...change }]);
}

const CASES: readonly Case[] = [
  ...badTrailSettings("CreateTrail", makeTrail),
  ["CreateTrail", "TrailAlreadyExistsException", { ...makeTrail, Name: "main" }],
  ["CreateTrail", "MaximumNumberOfTrailsExceededException", makeTrail, as(OUTSIDER)],
  ["CreateTrail", "InvalidTrailNameException", { ...makeTrail, Name: "a" }],
  ["CreateTrail", "InvalidTagParameterException", { ...makeTrail, TagsList: [{ Key: "aws:x" }] }],
  ["CreateTrail", "TagsLimitExceededException", { ...makeTrail, TagsList: tooManyTags }],
  [
    "CreateTrail",
    "OrganizationsNotInUseException",
    { ...makeTrail, IsOrganizationTrail: true },
    as(OUTSIDER),
  ],
  [
    "CreateTrail",
    "NotOrganizationMasterAccountException",
    { ...makeTrail, IsOrganizationTrail: true },
    as(MEMBER),
  ],
  ...badTrailSettings("UpdateTrail", { Name: "main" }),
  ...badChanges("UpdateTrail", "Name"),
  [
    "UpdateTrail",
    "OrganizationsNotInUseException",
    { Name: "trail-0", IsOrganizationTrail: true },
    as(OUTSIDER),
  ],
  ...badChanges("DeleteTrail", "Name"),
  ...badChanges("StartLogging", "Name"),
  ...badChanges("StopLogging", "Name"),
  ...badNames("GetTrail", "Name"),
  ...badNames("GetTrailStatus", "Name"),
  ["DescribeTrails", "InvalidTrailNameException", { trailNameList: ["-"] }],
  ["DescribeTrails", "CloudTrailARNInvalidException", { trailNameList: ["arn:aws:cloudtrail:x"] }],

  ...badChanges("PutEventSelectors", "TrailName", { EventSelectors: [{ ReadWriteType: "All" }] }),
  ["PutEventSelectors", "InvalidEventSelectorsException", { TrailName: "main" }],
  ...badNames("GetEventSelectors", "TrailName"),
  ...badChanges("PutInsightSelectors", "TrailName", { InsightSelectors: [] }),
  ["PutInsightSelectors", "InvalidParameterCombinationException", { InsightSelectors: [] }],
  ["PutInsightSelectors", "UnsupportedOperationException", { EventDataStore: STORE, InsightSelectors: [] }],
  [
    "PutInsightSelectors",
    "InvalidInsightSelectorsException",
    { TrailName: "main", InsightSelectors: [{ InsightType: "NoInsight" }] },
  ],
  ...badNames("GetInsightSelectors", "TrailName"),
  ["GetInsightSelectors", "InsightNotEnabledException", { TrailName: "main" }],
  ["GetInsightSelectors", "InvalidParameterCombinationException", {}],
  ["GetInsightSelectors", "UnsupportedOperationException", { EventDataStore: STORE }],
  ...badChanges("PutEventConfiguration", "TrailName", { AggregationConfigurations: [] }),
  ["PutEventConfiguration", "InvalidParameterException", { TrailName: "main" }],
  [
    "PutEventConfiguration",
    "InvalidParameterCombinationException",
    { TrailName: "main", EventDataStore: STORE },
  ],
  ["PutEventConfiguration", "EventDataStoreNotFoundException", { EventDataStore: STORE }],
  ["PutEventConfiguration", "EventDataStoreARNInvalidException", { EventDataStore: MAIN }],
  ...badNames("GetEventConfiguration", "TrailName"),
  ["GetEventConfiguration", "InvalidParameterCombinationException", {}],
  ["GetEventConfiguration", "EventDataStoreNotFoundException", { EventDataStore: STORE }],
  ["GetEventConfiguration", "EventDataStoreARNInvalidException", { EventDataStore: MAIN }],

  ...badTagged("AddTags", "ResourceId", { TagsList: [{ Key: "a" }] }),
  ["AddTags", "ChannelNotFoundException", { ResourceId: NO_CHANNEL, TagsList: [{ Key: "a" }] }],
  ["AddTags", "TagsLimitExceededException", { ResourceId: MAIN, TagsList: tooManyTags }],
  ["AddTags", "InvalidTagParameterException", { ResourceId: MAIN, TagsList: [{ Key: "aws:x" }] }],
  [
    "AddTags",
    "NotOrganizationMasterAccountException",
    { ResourceId: ORGANIZATION_TRAIL, TagsList: [{ Key: "a" }] },
    as(MEMBER),
  ],
  ...badTagged("RemoveTags", "ResourceId", { TagsList: [{ Key: "a" }] }),
  ["RemoveTags", "ChannelNotFoundException", { ResourceId: NO_CHANNEL, TagsList: [{ Key: "a" }] }],
  ["RemoveTags", "InvalidTagParameterException", { ResourceId: MAIN, TagsList: [{ Key: "aws:x" }] }],
  [
    "RemoveTags",
    "NotOrganizationMasterAccountException",
    { ResourceId: ORGANIZATION_TRAIL, TagsList: [{ Key: "a" }] },
    as(MEMBER),
  ],
  ...badTagged("ListTags", "ResourceIdList", {}),
  ["ListTags", "InvalidTokenException", { ResourceIdList: [MAIN], NextToken: "none" }],

  ["CreateChannel", "ChannelMaxLimitExceededException", makeChannel, ABROAD],
  ["CreateChannel", "InvalidSourceException", { ...makeChannel, Source: "Nobody" }],
  ["CreateChannel", "ChannelAlreadyExistsException", { ...makeChannel, Name: "shop" }],
  [
    "CreateChannel",
    "EventDataStoreARNInvalidException",
    { ...makeChannel, Destinations: [{ Type: "EVENT_DATA_STORE", Location: MAIN }] },
  ],
  [
    "CreateChannel",
    "InvalidParameterException",
    { ...makeChannel, Destinations: [...DESTINATIONS, ...DESTINATIONS] },
  ],
  ["CreateChannel", "InvalidTagParameterException", { ...makeChannel, Tags: [{ Key: "aws:x" }] }],
  ["CreateChannel", "TagsLimitExceededException", { ...makeChannel, Tags: tooManyTags }],
  [
    "CreateChannel",
    "OperationNotPermittedException",
    { ...makeChannel, Destinations: [{ Type: "AWS_SERVICE", Location: "config" }] },
  ],
  ["UpdateChannel", "ChannelARNInvalidException", { Channel: "shop" }],
  ["UpdateChannel", "ChannelNotFoundException", { Channel: NO_CHANNEL }],
  ["UpdateChannel", "ChannelAlreadyExistsException", { Channel: SHOP, Name: "store" }],
  [
    "UpdateChannel",
    "EventDataStoreARNInvalidException",
    { Channel: SHOP, Destinations: [{ Type: "EVENT_DATA_STORE", Location: MAIN }] },
  ],
  [
    "UpdateChannel",
    "InvalidParameterException",
    { Channel: SHOP, Destinations: [...DESTINATIONS, ...DESTINATIONS] },
  ],
  [
    "UpdateChannel",
    "OperationNotPermittedException",
    { Channel: SHOP, Destinations: [{ Type: "AWS_SERVICE", Location: "config" }] },
  ],
  ["GetChannel", "ChannelARNInvalidException", { Channel: "shop" }],
  ["GetChannel", "ChannelNotFoundException", { Channel: NO_CHANNEL }],
  ["DeleteChannel", "ChannelARNInvalidException", { Channel: "shop" }],
  ["DeleteChannel", "ChannelNotFoundException", { Channel: NO_CHANNEL }],
  ["ListChannels", "InvalidNextTokenException", { NextToken: "none" }],

  ["PutResourcePolicy", "ResourceARNNotValidException", { ResourceArn: "shop", ResourcePolicy: "{}" }],
  ["PutResourcePolicy", "ResourcePolicyNotValidException", { ResourceArn: SHOP, ResourcePolicy: "{" }],
  ["PutResourcePolicy", "ResourceNotFoundException", { ResourceArn: NO_CHANNEL, ResourcePolicy: "{}" }],
  ["PutResourcePolicy", "ResourceTypeNotSupportedException", { ResourceArn: MAIN, ResourcePolicy: "{}" }],
  ...(["GetResourcePolicy", "DeleteResourcePolicy"] as const).flatMap((operation): readonly Case[] => [
    [operation, "ResourceARNNotValidException", { ResourceArn: "shop" }],
    [operation, "ResourceNotFoundException", { ResourceArn: NO_CHANNEL }],
    [operation, "ResourceTypeNotSupportedException", { ResourceArn: MAIN }],
    [operation, "ResourcePolicyNotFoundException", { ResourceArn: SHOP }],
  ]),

  ["ListPublicKeys", "InvalidTimeRangeException", { StartTime: 2, EndTime: 1 }],
  ["ListPublicKeys", "InvalidTokenException", { NextToken: "none" }],
  [
    "LookupEvents",
    "InvalidLookupAttributesException",
    { LookupAttributes: [{ AttributeKey: "Id", AttributeValue: "1" }] },
  ],
  ["LookupEvents", "InvalidTimeRangeException", { StartTime: 2, EndTime: 1 }],
  ["LookupEvents", "InvalidMaxResultsException", { MaxResults: 51 }],
  ["LookupEvents", "InvalidNextTokenException", { NextToken: "none" }],
  ["LookupEvents", "InvalidEventCategoryException", { EventCategory: "data" }],

  ["RegisterOrganizationDelegatedAdmin", "AccountRegisteredException", { MemberAccountId: ADMINISTRATOR }],
  ["RegisterOrganizationDelegatedAdmin", "AccountNotFoundException", { MemberAccountId: OUTSIDER }],
  [
    "RegisterOrganizationDelegatedAdmin",
    "CannotDelegateManagementAccountException",
    { MemberAccountId: MANAGEMENT },
  ],
  [
    "RegisterOrganizationDelegatedAdmin",
    "DelegatedAdminAccountLimitExceededException",
    { MemberAccountId: MEMBER },
  ],
  ["DeregisterOrganizationDelegatedAdmin", "AccountNotFoundException", { DelegatedAdminAccountId: OUTSIDER }],
  [
    "DeregisterOrganizationDelegatedAdmin",
    "AccountNotRegisteredException",
    { DelegatedAdminAccountId: MEMBER },
  ],
  ...(["Register", "Deregister"] as const).flatMap((verb): readonly Case[] => {
    const input = { MemberAccountId: MEMBER, DelegatedAdminAccountId: MEMBER };
    const operation = `${verb}OrganizationDelegatedAdmin` as const;
    return [
      [operation, "NotOrganizationManagementAccountException", input, as(MEMBER)],
      [operation, "OrganizationsNotInUseException", input, as(OUTSIDER)],
    ];
  }),
];

/** Calls that would be done if nobody else changed the same without pause. */
const CONTENDED: readonly (readonly [operation: OperationName, input: object])[] = [
  ["CreateTrail", makeTrail],
  ["UpdateTrail", { Name: "main" }],
  ["DeleteTrail", { Name: "main" }],
  ["StartLogging", { Name: "all-accounts" }],
  ["StopLogging", { Name: "main" }],
  ["PutEventSelectors", { TrailName: "main", EventSelectors: [{ ReadWriteType: "All" }] }],
  ["PutInsightSelectors", { TrailName: "main", InsightSelectors: [] }],
  ["PutEventConfiguration", { TrailName: "main", AggregationConfigurations: [] }],
  ["AddTags", { ResourceId: MAIN, TagsList: [{ Key: "a" }] }],
  ["RemoveTags", { ResourceId: MAIN, TagsList: [{ Key: "a" }] }],
  ["PutResourcePolicy", { ResourceArn: SHOP, ResourcePolicy: policyOf }],
  ["DeleteResourcePolicy", { ResourceArn: SHOP }],
  ["RegisterOrganizationDelegatedAdmin", { MemberAccountId: OTHERS[0] }],
  ["DeregisterOrganizationDelegatedAdmin", { DelegatedAdminAccountId: ADMINISTRATOR }],
];

const NO_STORES = "there are no event data stores yet";
const NO_KEYS = "KMS keys are noted and not asked for";

/** Errors that no call here can end in, whatever the operation. */
const NEVER: Readonly<Record<string, string>> = {
  UnsupportedOperationException: "OpenTrail has the operation",
  OperationNotPermittedException: "whose signature is right may call everything: there is no IAM",
  NoManagementAccountSLRExistsException: "no service-linked role is needed",
  InsufficientDependencyServiceAccessPermissionException: "nothing is called in the caller's name",
  InsufficientIAMAccessPermissionException: "no role is made in the caller's name",
  CloudTrailAccessNotEnabledException: "an organization's trusted access is always on",
  OrganizationNotInAllFeaturesModeException: "an organization always has all features",
  ThrottlingException: "calls are not throttled",
  InactiveEventDataStoreException: NO_STORES,
  InvalidEventDataStoreCategoryException: NO_STORES,
  InvalidEventDataStoreStatusException: NO_STORES,
  InsufficientS3BucketPolicyException: "buckets' policies are kept and not evaluated",
  InsufficientEncryptionPolicyException: NO_KEYS,
  KmsKeyNotFoundException: NO_KEYS,
  KmsKeyDisabledException: NO_KEYS,
  KmsException: NO_KEYS,
  CloudWatchLogsDeliveryUnavailableException: "every region has log groups",
  CloudTrailInvalidClientTokenIdException: "accounts are neither suspended nor closed",
  TrailNotProvidedException: "a call without a name is InvalidTrailNameException, as AWS answers",
};

const NO_TYPE_YET =
  "what has not the form of an ARN is CloudTrailARNInvalidException, whatever it was meant for";
const MODEL_REFUSES =
  "what would be wrong is refused by the model before, with a code of its own or a ValidationException";

/** Errors that no call of one operation can end in, though other operations' calls do. */
const NEVER_IN: Readonly<Record<string, string>> = {
  "AddTags EventDataStoreARNInvalidException": NO_TYPE_YET,
  "AddTags ChannelARNInvalidException": NO_TYPE_YET,
  "AddTags InvalidTrailNameException": "a resource is named by its ARN",
  "RemoveTags EventDataStoreARNInvalidException": NO_TYPE_YET,
  "RemoveTags ChannelARNInvalidException": NO_TYPE_YET,
  "RemoveTags InvalidTrailNameException": "a resource is named by its ARN",
  "ListTags EventDataStoreARNInvalidException": NO_TYPE_YET,
  "ListTags ChannelARNInvalidException": NO_TYPE_YET,
  "ListTags InvalidTrailNameException": "resources are named by their ARNs",
  "CreateChannel EventDataStoreNotFoundException":
    "a channel's events go to trails: its stores need not exist",
  "UpdateChannel EventDataStoreNotFoundException":
    "a channel's events go to trails: its stores need not exist",
  "CreateTrail InvalidParameterException": MODEL_REFUSES,
  "UpdateTrail InvalidParameterException": MODEL_REFUSES,
  "UpdateTrail InvalidEventSelectorsException": "it does not change selectors, and they stay valid",
  "GetInsightSelectors InvalidParameterException": MODEL_REFUSES,
  "PutInsightSelectors InvalidParameterException": MODEL_REFUSES,
  "PutInsightSelectors S3BucketDoesNotExistException": "the bucket was looked at when the trail was given it",
  "GetEventConfiguration InvalidParameterException": MODEL_REFUSES,
  "RegisterOrganizationDelegatedAdmin InvalidParameterException": MODEL_REFUSES,
  "DeregisterOrganizationDelegatedAdmin InvalidParameterException": MODEL_REFUSES,
};

const OPERATIONS = Object.keys(CLOUDTRAIL_MODEL.operations) as readonly OperationName[];
const UNSUPPORTED = OPERATIONS.filter((operation) => !isSupported(operation));

let isContended = false;
let shop: string;
const provoked = new Set<string>();
const api = makeApi();

function makeApi() {
  const clock = new MemoryClock(NOW);
  const objects = new MemoryObjectStore();
  objects.createBucket("logs-bucket");
  const organization = { id: "o-exampleorgid", managementAccountId: MANAGEMENT, memberAccountIds: MEMBERS };
  const trails = withOrganizationTrails(new MemoryTrailStore(), organization);
  const settings = new MemorySettingStore();
  const changedMeanwhile = async (): Promise<never> => {
    throw new ConcurrentTrailChange("Somebody was faster");
  };
  return makeCloudTrailApi({
    trails: {
      version: (accountId) => trails.version(accountId),
      read: (accountId) => trails.read(accountId),
      put: (trail, version) => (isContended ? changedMeanwhile() : trails.put(trail, version)),
      delete: (...call) => (isContended ? changedMeanwhile() : trails.delete(...call)),
    },
    settings: {
      read: (key) => settings.read(key),
      replace: async (...change) => !isContended && settings.replace(...change),
    },
    organization,
    objects,
    logGroups: new MemoryLogGroups(),
    topics: new MemoryTopics(),
    deliveryStatus: new MemoryDeliveryStatus(),
    signingKeys: new MemorySigningKeys(clock, 86_400_000),
    history: { tokenSecret: async () => Buffer.from("secret"), find: async () => ({ events: [] }) },
    clock,
    ingest: async ({ records }) => ({ accepted: records.length, rejected: [] }),
    reportFailure: (error) => {
      throw error;
    },
  });
}

async function call(
  operation: OperationName,
  input: object,
  caller: Partial<Caller> = {},
): Promise<JsonObject> {
  const Command = COMMANDS[`${operation}Command`];
  if (Command === undefined) throw new Error(`The SDK has no ${operation}`);
  // Times are numbers in the cases, in seconds as on the wire. The SDK asks for dates.
  const given = JSON.parse(JSON.stringify(input).replaceAll(SHOP, shop), (name, value) =>
    name.endsWith("Time") && typeof value === "number" ? new Date(value * 1_000) : value,
  );
  try {
    const answer: object = await clientOf(caller).send(new Command(given) as never);
    return answer as JsonObject;
  } catch (error) {
    if (error instanceof CloudTrailServiceException) return { __type: error.name };
    throw error;
  }
}

const COMMANDS = sdk as unknown as Readonly<Record<string, (new (input: object) => object) | undefined>>;

/** The real client, whose requests go to the API without a network between. */
function clientOf(caller: Partial<Caller>): CloudTrailClient {
  return new CloudTrailClient({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: {
      handle: async ({ method, path, headers, body: sent }: SentRequest) => {
        const request = testRequest({ method, path, headers, body: Buffer.from(sent) });
        const { status, headers: answered, body } = await api(request, testCaller(caller));
        return {
          response: {
            statusCode: status,
            headers: answered,
            body: Readable.from([Buffer.from(String(body))]),
          },
        };
      },
    } as never,
  });
}

/** As much of the SDK's requests as is looked at. */
type SentRequest = Pick<ApiRequest, "method" | "path" | "headers"> & { readonly body: string };

/** Notes the code that a call of an operation ended in. */
async function provoke(operation: OperationName, input: object, caller?: Partial<Caller>): Promise<unknown> {
  const { __type: code } = await call(operation, input, caller);
  provoked.add(`${operation} ${code}`);
  return code;
}

/** A policy that the channel `shop` may have. */
function policyOf(): string {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${MEMBER}:root` },
    Action: "cloudtrail-data:PutAuditEvents",
    Resource: shop,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

beforeAll(async () => {
  await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket", IsMultiRegionTrail: true });
  await call("StartLogging", { Name: "main" });
  const ofOrganization = { IsOrganizationTrail: true, IsMultiRegionTrail: true, S3BucketName: "logs-bucket" };
  await call("CreateTrail", { Name: "all-accounts", ...ofOrganization });
  for (let index = 0; index < 5; index += 1) {
    await call("CreateTrail", { Name: `trail-${index}`, S3BucketName: "logs-bucket" }, as(OUTSIDER));
  }
  for (const MemberAccountId of [ADMINISTRATOR, ...OTHERS]) {
    await call("RegisterOrganizationDelegatedAdmin", { MemberAccountId });
  }
  shop = String((await call("CreateChannel", { ...makeChannel, Name: "shop" })).ChannelArn);
  await call("CreateChannel", { ...makeChannel, Name: "store" });
  for (let index = 0; index < 25; index += 1) {
    await call("CreateChannel", { ...makeChannel, Name: `channel-${index}` }, ABROAD);
  }
});

describe("a call that cannot be done ends in the modelled error", () => {
  it.each(CASES.map(([operation, code, input, caller = {}]) => [operation, code, input, caller] as const))(
    "%s %s %#",
    async (operation, code, input, caller) => {
      expect(await provoke(operation, input, caller)).toBe(code);
    },
  );
});

describe("a call that others are always ahead of ends in ConflictException", () => {
  beforeAll(async () => {
    await call("PutResourcePolicy", { ResourceArn: SHOP, ResourcePolicy: policyOf() });
    await call("DeregisterOrganizationDelegatedAdmin", { DelegatedAdminAccountId: OTHERS[0] });
    isContended = true;
  });

  afterAll(() => {
    isContended = false;
  });

  it.each(CONTENDED)("%s", async (operation, input) => {
    const given = Object.entries(input).map(([name, value]) => [
      name,
      typeof value === "function" ? value() : value,
    ]);

    expect(await provoke(operation, Object.fromEntries(given))).toBe("ConflictException");
  });
});

describe("an operation that OpenTrail does not have yet says so to a call that is valid", () => {
  it.each(UNSUPPORTED)("%s", async (operation) => {
    const { input: shape = "" } = CLOUDTRAIL_MODEL.operations[operation] ?? {};
    const input = smallestInput(shape) as JsonObject;
    expect(violationsOf(CLOUDTRAIL_MODEL, shape, input)).toEqual([]);

    expect(await provoke(operation, input)).toBe("UnsupportedOperationException");
  });
});

/** The smallest value that a shape of the model takes. */
function smallestInput(shapeName: string): JsonValue {
  const shape = CLOUDTRAIL_MODEL.shapes[shapeName];
  switch (shape?.type) {
    case "structure":
      return Object.fromEntries(
        (shape.required ?? []).map((name) => [name, smallestInput(shape.members?.[name]?.shape ?? "")]),
      );
    case "list":
      return Array.from({ length: shape.min ?? 0 }, () => smallestInput(shape.member?.shape ?? ""));
    case "map":
      return {};
    case "boolean":
      return false;
    case "string": {
      const texts = [
        ...(shape.enum ?? []),
        "one",
        "ec2.amazonaws.com",
        STORE,
        crypto.randomUUID(),
        "2026-01-01 00:00:00",
        "x".repeat(36),
      ];
      return texts.find((text) => isTaken(shapeName, text)) ?? "";
    }
    default:
      return shape?.min ?? 1;
  }
}

function isTaken(shapeName: string, text: string): boolean {
  const { pattern, min = 0, max = Number.POSITIVE_INFINITY } = CLOUDTRAIL_MODEL.shapes[shapeName] ?? {};
  return (
    text.length >= min &&
    text.length <= max &&
    (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(text))
  );
}

describe("the matrix of operations and modelled errors", () => {
  const pairs = OPERATIONS.filter((operation) => isSupported(operation)).flatMap((operation) =>
    (CLOUDTRAIL_MODEL.operations[operation]?.errors ?? []).map((code) => ({
      operation,
      code,
      pair: `${operation} ${code}`,
    })),
  );

  it("has each error of each operation that OpenTrail has either provoked or explained", () => {
    const open = pairs.filter(
      ({ pair, code }) => !provoked.has(pair) && !(code in NEVER) && !(pair in NEVER_IN),
    );

    expect(open.map(({ pair }) => pair)).toEqual([]);
  });

  it("explains nothing that was provoked, and nothing that the model does not have", () => {
    const known = new Set(pairs.map(({ pair }) => pair));
    const codes = new Set(pairs.map(({ code }) => code));

    expect(Object.keys(NEVER_IN).filter((pair) => provoked.has(pair) || !known.has(pair))).toEqual([]);
    expect(Object.keys(NEVER).filter((code) => !codes.has(code))).toEqual([]);
  });

  it("provokes only errors that the model has for the operation, and the documented exceptions", () => {
    const known = new Set(pairs.map(({ pair }) => pair));
    const beyond = [...provoked].filter(
      (pair) => !known.has(pair) && !pair.endsWith(" UnsupportedOperationException"),
    );

    expect(beyond).toEqual([]);
  });
});
