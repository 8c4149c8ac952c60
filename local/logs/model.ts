import type { ServiceModel, ShapeModel } from "../../shared/api/service-model.ts";
import type { InputsOf } from "../model-inputs.ts";

/** `X-Amz-Target` is this, a dot and the operation's name. */
export const LOGS_TARGET_PREFIX = "Logs_20140328";

/** What the operations here read of CloudWatch Logs' API, version 2014-03-28. Members not in it are ignored. */
const SHAPES = {
  CreateLogGroupRequest: {
    type: "structure",
    required: ["logGroupName"],
    members: {
      logGroupName: { shape: "LogGroupName" },
      kmsKeyId: { shape: "KmsKeyId" },
      logGroupClass: { shape: "LogGroupClass" },
      tags: { shape: "Tags" },
    },
  },
  DeleteLogGroupRequest: {
    type: "structure",
    required: ["logGroupName"],
    members: { logGroupName: { shape: "LogGroupName" } },
  },
  DescribeLogGroupsRequest: {
    type: "structure",
    required: [],
    members: {
      logGroupNamePrefix: { shape: "LogGroupName" },
      logGroupNamePattern: { shape: "LogGroupNamePattern" },
      nextToken: { shape: "NextToken" },
      limit: { shape: "DescribeLimit" },
    },
  },
  CreateLogStreamRequest: {
    type: "structure",
    required: ["logGroupName", "logStreamName"],
    members: { logGroupName: { shape: "LogGroupName" }, logStreamName: { shape: "LogStreamName" } },
  },
  DescribeLogStreamsRequest: {
    type: "structure",
    required: [],
    members: {
      logGroupName: { shape: "LogGroupName" },
      logGroupIdentifier: { shape: "LogGroupIdentifier" },
      logStreamNamePrefix: { shape: "LogStreamName" },
      orderBy: { shape: "OrderBy" },
      descending: { shape: "Boolean" },
      nextToken: { shape: "NextToken" },
      limit: { shape: "DescribeLimit" },
    },
  },
  PutLogEventsRequest: {
    type: "structure",
    required: ["logGroupName", "logStreamName", "logEvents"],
    members: {
      logGroupName: { shape: "LogGroupName" },
      logStreamName: { shape: "LogStreamName" },
      logEvents: { shape: "InputLogEvents" },
    },
  },
  GetLogEventsRequest: {
    type: "structure",
    required: ["logStreamName"],
    members: {
      logGroupName: { shape: "LogGroupName" },
      logGroupIdentifier: { shape: "LogGroupIdentifier" },
      logStreamName: { shape: "LogStreamName" },
      startTime: { shape: "Timestamp" },
      endTime: { shape: "Timestamp" },
      nextToken: { shape: "NextToken" },
      limit: { shape: "EventsLimit" },
      startFromHead: { shape: "Boolean" },
    },
  },
  FilterLogEventsRequest: {
    type: "structure",
    required: [],
    members: {
      logGroupName: { shape: "LogGroupName" },
      logGroupIdentifier: { shape: "LogGroupIdentifier" },
      logStreamNames: { shape: "InputLogStreamNames" },
      logStreamNamePrefix: { shape: "LogStreamName" },
      startTime: { shape: "Timestamp" },
      endTime: { shape: "Timestamp" },
      filterPattern: { shape: "FilterPattern" },
      nextToken: { shape: "NextToken" },
      limit: { shape: "EventsLimit" },
    },
  },
  TestMetricFilterRequest: {
    type: "structure",
    required: ["filterPattern", "logEventMessages"],
    members: {
      filterPattern: { shape: "FilterPattern" },
      logEventMessages: { shape: "TestEventMessages" },
    },
  },
  PutRetentionPolicyRequest: {
    type: "structure",
    required: ["logGroupName", "retentionInDays"],
    members: { logGroupName: { shape: "LogGroupName" }, retentionInDays: { shape: "Days" } },
  },
  DeleteRetentionPolicyRequest: {
    type: "structure",
    required: ["logGroupName"],
    members: { logGroupName: { shape: "LogGroupName" } },
  },
  ListTagsForResourceRequest: {
    type: "structure",
    required: ["resourceArn"],
    members: { resourceArn: { shape: "AmazonResourceName" } },
  },
  TagResourceRequest: {
    type: "structure",
    required: ["resourceArn", "tags"],
    members: { resourceArn: { shape: "AmazonResourceName" }, tags: { shape: "Tags" } },
  },
  UntagResourceRequest: {
    type: "structure",
    required: ["resourceArn", "tagKeys"],
    members: { resourceArn: { shape: "AmazonResourceName" }, tagKeys: { shape: "TagKeyList" } },
  },
  Tags: { type: "map", key: { shape: "TagKey" }, value: { shape: "TagValue" }, min: 1, max: 50 },
  TagKeyList: { type: "list", member: { shape: "TagKey" }, min: 0, max: 50 },
  TagKey: { type: "string", min: 1, max: 128 },
  TagValue: { type: "string", max: 256 },
  AmazonResourceName: { type: "string", min: 1, max: 1011 },
  InputLogEvents: { type: "list", member: { shape: "InputLogEvent" }, min: 1, max: 10_000 },
  InputLogEvent: {
    type: "structure",
    required: ["timestamp", "message"],
    members: { timestamp: { shape: "Timestamp" }, message: { shape: "EventMessage" } },
  },
  InputLogStreamNames: { type: "list", member: { shape: "LogStreamName" }, min: 1, max: 100 },
  TestEventMessages: { type: "list", member: { shape: "EventMessage" }, min: 1, max: 50 },
  Boolean: { type: "boolean" },
  Days: { type: "integer" },
  DescribeLimit: { type: "integer", min: 1, max: 50 },
  EventMessage: { type: "string", min: 1 },
  EventsLimit: { type: "integer", min: 1, max: 10_000 },
  FilterPattern: { type: "string", max: 1024 },
  KmsKeyId: { type: "string", max: 256 },
  LogGroupClass: { type: "string", enum: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"] },
  LogGroupIdentifier: { type: "string", min: 1, max: 2048, pattern: "[\\w#+=/:,.@*\\-]*" },
  LogGroupName: { type: "string", min: 1, max: 512, pattern: "[.\\-_/#A-Za-z0-9]+" },
  LogGroupNamePattern: { type: "string", max: 512, pattern: "[.\\-_/#A-Za-z0-9]*" },
  LogStreamName: { type: "string", min: 1, max: 512, pattern: "[^:*]*" },
  NextToken: { type: "string", min: 1 },
  OrderBy: { type: "string", enum: ["LogStreamName", "LastEventTime"] },
  Timestamp: { type: "long", min: 0 },
} as const satisfies Readonly<Record<string, ShapeModel>>;

export const LOGS_MODEL: ServiceModel = { operations: {}, shapes: SHAPES };

/** The operations, by name: what each takes. */
export type LogsInputs = InputsOf<typeof SHAPES>;
