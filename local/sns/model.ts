import type { ServiceModel, ShapeModel } from "../../shared/api/service-model.ts";
import type { InputsOf } from "../model-inputs.ts";

/** The version that a form names. */
export const SNS_VERSION = "2010-03-31";

const OF_TOPIC = { TopicArn: { shape: "Arn" } } as const;
const PAGED = { NextToken: { shape: "String" } } as const;

/** What the operations here read of SNS's API, version 2010-03-31. Fields not in it are ignored. */
const SHAPES = {
  CreateTopicRequest: {
    type: "structure",
    required: ["Name"],
    members: {
      Name: { shape: "String" },
      Attributes: { shape: "Attributes" },
      Tags: { shape: "Tags" },
      DataProtectionPolicy: { shape: "String" },
    },
  },
  DeleteTopicRequest: { type: "structure", required: ["TopicArn"], members: OF_TOPIC },
  ListTopicsRequest: { type: "structure", required: [], members: PAGED },
  GetTopicAttributesRequest: { type: "structure", required: ["TopicArn"], members: OF_TOPIC },
  SetTopicAttributesRequest: {
    type: "structure",
    required: ["TopicArn", "AttributeName"],
    members: { ...OF_TOPIC, AttributeName: { shape: "String" }, AttributeValue: { shape: "String" } },
  },
  SubscribeRequest: {
    type: "structure",
    required: ["TopicArn", "Protocol"],
    members: {
      ...OF_TOPIC,
      Protocol: { shape: "String" },
      Endpoint: { shape: "String" },
      Attributes: { shape: "Attributes" },
      ReturnSubscriptionArn: { shape: "Boolean" },
    },
  },
  ConfirmSubscriptionRequest: {
    type: "structure",
    required: ["TopicArn", "Token"],
    members: { ...OF_TOPIC, Token: { shape: "String" }, AuthenticateOnUnsubscribe: { shape: "String" } },
  },
  UnsubscribeRequest: {
    type: "structure",
    required: ["SubscriptionArn"],
    members: { SubscriptionArn: { shape: "Arn" } },
  },
  ListSubscriptionsRequest: { type: "structure", required: [], members: PAGED },
  ListSubscriptionsByTopicRequest: {
    type: "structure",
    required: ["TopicArn"],
    members: { ...OF_TOPIC, ...PAGED },
  },
  GetSubscriptionAttributesRequest: {
    type: "structure",
    required: ["SubscriptionArn"],
    members: { SubscriptionArn: { shape: "Arn" } },
  },
  SetSubscriptionAttributesRequest: {
    type: "structure",
    required: ["SubscriptionArn", "AttributeName"],
    members: {
      SubscriptionArn: { shape: "Arn" },
      AttributeName: { shape: "String" },
      AttributeValue: { shape: "String" },
    },
  },
  PublishRequest: {
    type: "structure",
    required: ["Message"],
    members: {
      ...OF_TOPIC,
      TargetArn: { shape: "Arn" },
      PhoneNumber: { shape: "String" },
      Message: { shape: "String" },
      Subject: { shape: "String" },
      MessageStructure: { shape: "String" },
      MessageAttributes: { shape: "MessageAttributes" },
    },
  },
  ListTagsForResourceRequest: {
    type: "structure",
    required: ["ResourceArn"],
    members: { ResourceArn: { shape: "Arn" } },
  },
  TagResourceRequest: {
    type: "structure",
    required: ["ResourceArn", "Tags"],
    members: { ResourceArn: { shape: "Arn" }, Tags: { shape: "Tags" } },
  },
  UntagResourceRequest: {
    type: "structure",
    required: ["ResourceArn", "TagKeys"],
    members: { ResourceArn: { shape: "Arn" }, TagKeys: { shape: "TagKeys" } },
  },
  Attributes: { type: "map", key: { shape: "String" }, value: { shape: "String" } },
  MessageAttributes: { type: "map", key: { shape: "String" }, value: { shape: "MessageAttribute" } },
  MessageAttribute: {
    type: "structure",
    required: ["DataType"],
    members: {
      DataType: { shape: "String" },
      StringValue: { shape: "String" },
      BinaryValue: { shape: "String" },
    },
  },
  Tags: { type: "list", member: { shape: "Tag" } },
  Tag: {
    type: "structure",
    required: ["Key", "Value"],
    members: { Key: { shape: "TagKey" }, Value: { shape: "TagValue" } },
  },
  TagKeys: { type: "list", member: { shape: "TagKey" } },
  TagKey: { type: "string", min: 1, max: 128 },
  TagValue: { type: "string", max: 256 },
  Arn: { type: "string" },
  Boolean: { type: "boolean" },
  String: { type: "string" },
} as const satisfies Readonly<Record<string, ShapeModel>>;

export const SNS_MODEL: ServiceModel = { operations: {}, shapes: SHAPES };

/** The operations, by name: what each takes. */
export type SnsInputs = InputsOf<typeof SHAPES>;
