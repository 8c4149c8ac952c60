import type { ServiceModel, ShapeModel } from "../../shared/api/service-model.ts";
import type { InputsOf } from "../model-inputs.ts";

/** `X-Amz-Target` is this, a dot and the operation's name. */
export const EVENTS_TARGET_PREFIX = "AWSEvents";

const ON_A_BUS = { EventBusName: { shape: "EventBusNameOrArn" } } as const;
const PAGED = { NextToken: { shape: "NextToken" }, Limit: { shape: "LimitMax100" } } as const;

/** What the operations here read of EventBridge's API, version 2015-10-07. Members not in it are ignored. */
const SHAPES = {
  PutRuleRequest: {
    type: "structure",
    required: ["Name"],
    members: {
      Name: { shape: "RuleName" },
      ScheduleExpression: { shape: "ScheduleExpression" },
      EventPattern: { shape: "EventPattern" },
      State: { shape: "RuleState" },
      Description: { shape: "RuleDescription" },
      RoleArn: { shape: "Arn" },
      Tags: { shape: "TagList" },
      ...ON_A_BUS,
    },
  },
  DescribeRuleRequest: {
    type: "structure",
    required: ["Name"],
    members: { Name: { shape: "RuleName" }, ...ON_A_BUS },
  },
  EnableRuleRequest: {
    type: "structure",
    required: ["Name"],
    members: { Name: { shape: "RuleName" }, ...ON_A_BUS },
  },
  DisableRuleRequest: {
    type: "structure",
    required: ["Name"],
    members: { Name: { shape: "RuleName" }, ...ON_A_BUS },
  },
  DeleteRuleRequest: {
    type: "structure",
    required: ["Name"],
    members: { Name: { shape: "RuleName" }, ...ON_A_BUS },
  },
  ListRulesRequest: {
    type: "structure",
    required: [],
    members: { NamePrefix: { shape: "RuleName" }, ...ON_A_BUS, ...PAGED },
  },
  PutTargetsRequest: {
    type: "structure",
    required: ["Rule", "Targets"],
    members: { Rule: { shape: "RuleName" }, Targets: { shape: "TargetList" }, ...ON_A_BUS },
  },
  RemoveTargetsRequest: {
    type: "structure",
    required: ["Rule", "Ids"],
    members: { Rule: { shape: "RuleName" }, Ids: { shape: "TargetIdList" }, ...ON_A_BUS },
  },
  ListTargetsByRuleRequest: {
    type: "structure",
    required: ["Rule"],
    members: { Rule: { shape: "RuleName" }, ...ON_A_BUS, ...PAGED },
  },
  TestEventPatternRequest: {
    type: "structure",
    required: ["EventPattern", "Event"],
    members: { EventPattern: { shape: "EventPattern" }, Event: { shape: "String" } },
  },
  PutEventsRequest: {
    type: "structure",
    required: ["Entries"],
    members: { Entries: { shape: "PutEventsRequestEntryList" } },
  },
  DescribeEventBusRequest: {
    type: "structure",
    required: [],
    members: { Name: { shape: "EventBusNameOrArn" } },
  },
  ListEventBusesRequest: {
    type: "structure",
    required: [],
    members: { NamePrefix: { shape: "EventBusName" }, ...PAGED },
  },
  ListTagsForResourceRequest: {
    type: "structure",
    required: ["ResourceARN"],
    members: { ResourceARN: { shape: "Arn" } },
  },
  TagResourceRequest: {
    type: "structure",
    required: ["ResourceARN", "Tags"],
    members: { ResourceARN: { shape: "Arn" }, Tags: { shape: "TagList" } },
  },
  UntagResourceRequest: {
    type: "structure",
    required: ["ResourceARN", "TagKeys"],
    members: { ResourceARN: { shape: "Arn" }, TagKeys: { shape: "TagKeyList" } },
  },
  PutEventsRequestEntryList: { type: "list", member: { shape: "PutEventsRequestEntry" }, min: 1, max: 10 },
  PutEventsRequestEntry: {
    type: "structure",
    required: [],
    members: {
      Time: { shape: "EventTime" },
      Source: { shape: "String" },
      Resources: { shape: "EventResourceList" },
      DetailType: { shape: "String" },
      Detail: { shape: "String" },
      EventBusName: { shape: "EventBusNameOrArn" },
    },
  },
  TargetList: { type: "list", member: { shape: "Target" }, min: 1, max: 100 },
  Target: {
    type: "structure",
    required: ["Id", "Arn"],
    members: {
      Id: { shape: "TargetId" },
      Arn: { shape: "Arn" },
      RoleArn: { shape: "Arn" },
      Input: { shape: "TargetInput" },
      InputPath: { shape: "TargetInputPath" },
      InputTransformer: { shape: "InputTransformer" },
      KinesisParameters: { shape: "Unsupported" },
      RunCommandParameters: { shape: "Unsupported" },
      EcsParameters: { shape: "Unsupported" },
      BatchParameters: { shape: "Unsupported" },
      SqsParameters: { shape: "Unsupported" },
      HttpParameters: { shape: "Unsupported" },
      RedshiftDataParameters: { shape: "Unsupported" },
      SageMakerPipelineParameters: { shape: "Unsupported" },
      DeadLetterConfig: { shape: "DeadLetterConfig" },
      RetryPolicy: { shape: "RetryPolicy" },
      AppSyncParameters: { shape: "Unsupported" },
    },
  },
  InputTransformer: {
    type: "structure",
    required: ["InputTemplate"],
    members: { InputPathsMap: { shape: "TransformerPaths" }, InputTemplate: { shape: "TransformerInput" } },
  },
  DeadLetterConfig: { type: "structure", required: [], members: { Arn: { shape: "QueueArn" } } },
  RetryPolicy: {
    type: "structure",
    required: [],
    members: {
      MaximumRetryAttempts: { shape: "MaximumRetryAttempts" },
      MaximumEventAgeInSeconds: { shape: "MaximumEventAgeInSeconds" },
    },
  },
  TransformerPaths: {
    type: "map",
    key: { shape: "InputTransformerPathKey" },
    value: { shape: "TargetInputPath" },
    max: 100,
  },
  TransformerInput: { type: "string", min: 1, max: 8192 },
  InputTransformerPathKey: { type: "string", min: 1, max: 256, pattern: "[A-Za-z0-9_\\-]+" },
  Tag: {
    type: "structure",
    required: ["Key", "Value"],
    members: { Key: { shape: "TagKey" }, Value: { shape: "TagValue" } },
  },
  Arn: { type: "string", min: 1, max: 1600 },
  EventBusName: { type: "string", min: 1, max: 256, pattern: "[/\\.\\-_A-Za-z0-9]+" },
  EventBusNameOrArn: {
    type: "string",
    min: 1,
    max: 1600,
    pattern: "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+",
  },
  EventPattern: { type: "string", max: 4096 },
  EventResource: { type: "string", max: 2048 },
  EventResourceList: { type: "list", member: { shape: "EventResource" } },
  EventTime: { type: "timestamp" },
  LimitMax100: { type: "integer", min: 1, max: 100 },
  MaximumEventAgeInSeconds: { type: "integer", min: 60, max: 86_400 },
  MaximumRetryAttempts: { type: "integer", min: 0, max: 185 },
  NextToken: { type: "string", min: 1, max: 2048 },
  QueueArn: { type: "string", min: 1, max: 1600, pattern: "arn:aws[\\w-]*:sqs:.+" },
  RuleDescription: { type: "string", max: 512 },
  RuleName: { type: "string", min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  RuleState: {
    type: "string",
    enum: ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"],
  },
  ScheduleExpression: { type: "string", max: 256 },
  String: { type: "string" },
  TagKey: { type: "string", min: 1, max: 128 },
  TagKeyList: { type: "list", member: { shape: "TagKey" } },
  TagList: { type: "list", member: { shape: "Tag" } },
  TagValue: { type: "string", max: 256 },
  TargetId: { type: "string", min: 1, max: 64, pattern: "[\\.\\-_A-Za-z0-9]+" },
  TargetIdList: { type: "list", member: { shape: "TargetId" }, min: 1, max: 100 },
  TargetInput: { type: "string", max: 8192 },
  TargetInputPath: { type: "string", max: 256 },
  /** Only its presence is of interest: it is refused. */
  Unsupported: { type: "structure", required: [], members: {} },
} as const satisfies Readonly<Record<string, ShapeModel>>;

export const EVENTS_MODEL: ServiceModel = { operations: {}, shapes: SHAPES };

/** The operations, by name: what each takes. */
export type EventsInputs = InputsOf<typeof SHAPES>;
