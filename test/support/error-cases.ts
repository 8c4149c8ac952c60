import type { Caller } from "../../shared/api/http.ts";
import type { OperationName } from "../../shared/api/operation.ts";
import { isSupported } from "../../shared/api/operations.ts";
import { CLOUDTRAIL_MODEL } from "../../shared/api/service-model.ts";
import type { JsonObject, JsonValue } from "../../shared/event/json.ts";

/*
 * Calls that end in the service model's errors, in the world of `error-world.ts`: for every client that OpenTrail is driven by.
 */

/** A call, and the error that it ends in. */
export type ErrorCase = readonly [
  operation: OperationName,
  code: string,
  input: object,
  caller?: Partial<Caller>,
];

export const MANAGEMENT = "111122223333";
export const MEMBERS = ["444455556666", "555566667777", "666677778888", "777788889999"];
export const [MEMBER = "", ADMINISTRATOR = "", ...OTHERS] = MEMBERS;
export const OUTSIDER = "123456789012";

const arnOf = (type: string, name: string): string =>
  `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:${type}/${name}`;
export const MAIN = arnOf("trail", "main");
const ORGANIZATION_TRAIL = arnOf("trail", "all-accounts");
const STORE = arnOf("eventdatastore", "EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE");
const NO_CHANNEL = arnOf("channel", "00000000-0000-4000-8000-000000000000");
const DESTINATIONS = [{ Type: "EVENT_DATA_STORE", Location: STORE }];

export const makeChannel = { Name: "another", Source: "Custom", Destinations: DESTINATIONS };
export const makeTrail = { Name: "another", S3BucketName: "logs-bucket" };
const tooManyTags = Array.from({ length: 51 }, (_, index) => ({ Key: `${index}` }));
const LOG_GROUP = {
  CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${MANAGEMENT}:log-group:none:*`,
  CloudWatchLogsRoleArn: `arn:aws:iam::${MANAGEMENT}:role/CloudTrailToLogs`,
};
export const ABROAD: Partial<Caller> = { region: "eu-west-1" };
export const as = (accountId: string): Partial<Caller> => ({ accountId });

/** Stands for the ARN of the channel `shop`, which the world gives. */
export const SHOP = "channel of the test";

/** A case's input, with the channel's ARN in it. */
export function withShop(input: object, shop: string): JsonObject {
  return JSON.parse(JSON.stringify(input).replaceAll(SHOP, shop));
}

/** What is wrong with the name of a trail, for an operation that takes one as `member`. */
function badNames(operation: OperationName, member: string, others: object = {}): readonly ErrorCase[] {
  return [
    [operation, "TrailNotFoundException", { [member]: "nobody", ...others }],
    [operation, "InvalidTrailNameException", { [member]: "a", ...others }],
    [operation, "CloudTrailARNInvalidException", { [member]: "arn:aws:cloudtrail:x", ...others }],
  ];
}

/** As `badNames`, and for a trail that the caller may see and not change. */
function badChanges(operation: OperationName, member: string, others: object = {}): readonly ErrorCase[] {
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

function badTagged(operation: OperationName, idMember: string, others: object): readonly ErrorCase[] {
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

function badTrailSettings(operation: "CreateTrail" | "UpdateTrail", base: object): readonly ErrorCase[] {
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

/** Calls that cannot be done. */
export const ERROR_CASES: readonly ErrorCase[] = [
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
  ...(["GetResourcePolicy", "DeleteResourcePolicy"] as const).flatMap((operation): readonly ErrorCase[] => [
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
  ...(
    [
      ["RegisterOrganizationDelegatedAdmin", { MemberAccountId: MEMBER }],
      ["DeregisterOrganizationDelegatedAdmin", { DelegatedAdminAccountId: MEMBER }],
    ] as const
  ).flatMap(([operation, input]): readonly ErrorCase[] => [
    [operation, "NotOrganizationManagementAccountException", input, as(MEMBER)],
    [operation, "OrganizationsNotInUseException", input, as(OUTSIDER)],
  ]),
];

/** A policy that the channel `shop` may have. */
export const POLICY_OF_SHOP = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${MEMBER}:root` },
      Action: "cloudtrail-data:PutAuditEvents",
      Resource: SHOP,
    },
  ],
});

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
  ["PutResourcePolicy", { ResourceArn: SHOP, ResourcePolicy: POLICY_OF_SHOP }],
  ["DeleteResourcePolicy", { ResourceArn: SHOP }],
  ["RegisterOrganizationDelegatedAdmin", { MemberAccountId: OTHERS[0] }],
  ["DeregisterOrganizationDelegatedAdmin", { DelegatedAdminAccountId: ADMINISTRATOR }],
];

/** Those calls, while the world is contended. */
export const CONTENDED_CASES: readonly ErrorCase[] = CONTENDED.map(([operation, input]) => [
  operation,
  "ConflictException",
  input,
]);

/** All operations of the service model. */
export const OPERATIONS = Object.keys(CLOUDTRAIL_MODEL.operations) as readonly OperationName[];

/** A valid call of each operation that OpenTrail does not have. */
export const UNSUPPORTED_CASES: readonly ErrorCase[] = OPERATIONS.filter(
  (operation) => !isSupported(operation),
).map((operation) => [
  operation,
  "UnsupportedOperationException",
  smallestInput(CLOUDTRAIL_MODEL.operations[operation]?.input ?? "") as JsonObject,
]);

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
