import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../shared/event/json.ts";
import { ownCallTest } from "../../../shared/ingest/own-call.ts";

const ROLE = "arn:aws:iam::111122223333:role/service/opentrail-prod-deliver";
const QUEUE = "arn:aws:sqs:us-east-1:111122223333:opentrail-prod-history";
const isOwnCall = ownCallTest({
  roles: [ROLE, "arn:aws:iam::111122223333:role/opentrail-test-*"],
  resources: [
    "arn:aws:sqs:us-east-1:111122223333:opentrail-prod-*",
    "arn:aws:sns:us-east-1:111122223333:opentrail-prod-activity",
    "arn:aws:lambda:us-east-1:111122223333:function:opentrail-prod-*",
    "arn:aws:dynamodb:us-east-1:111122223333:table/opentrail-prod-ledger",
    "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/opentrail-prod-ledger",
    "arn:aws:s3:::opentrail-prod-blocks/*",
  ],
});

function session(role: string, fields: JsonObject = {}): JsonObject {
  const arn = `arn:aws:sts::111122223333:assumed-role/${role}/opentrail`;
  return {
    eventSource: "s3.amazonaws.com",
    eventName: "PutObject",
    userIdentity: { type: "AssumedRole", arn },
    ...fields,
  };
}

function byService(invokedBy: string, fields: JsonObject): JsonObject {
  return { userIdentity: { type: "AWSService", invokedBy }, sourceIPAddress: invokedBy, ...fields };
}

function kms(eventName: string, encryptionContext: JsonObject): JsonObject {
  return {
    eventSource: "kms.amazonaws.com",
    eventName,
    awsRegion: "us-east-1",
    requestParameters: { keyId: "arn:aws:kms:us-east-1:111122223333:key/k", encryptionContext },
    resources: [{ ARN: "arn:aws:kms:us-east-1:111122223333:key/k", type: "AWS::KMS::Key" }],
  };
}

describe("calls that the stack causes", () => {
  test.each([
    ["a session of an own role, by its ARN alone", session("opentrail-prod-deliver")],
    ["a session of a role that a beginning names", session("opentrail-test-ingest")],
    [
      "a session of an own role, by its issuer alone",
      {
        eventName: "PutLogEvents",
        userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { type: "Role", arn: ROLE } } },
      },
    ],
    [
      "KMS for an own role that puts a log file into an encrypted bucket",
      {
        ...kms("GenerateDataKey", { "aws:s3:arn": "arn:aws:s3:::somebodys-trail/AWSLogs/x" }),
        userIdentity: {
          type: "AssumedRole",
          arn: "arn:aws:sts::111122223333:assumed-role/opentrail-prod-deliver/opentrail",
          invokedBy: "AWS Internal",
        },
      },
    ],
    [
      "Lambda taking on an own role",
      byService("lambda.amazonaws.com", { eventName: "AssumeRole", requestParameters: { roleArn: ROLE } }),
    ],
    [
      "KMS for SNS, which sends to an own queue",
      byService("sns.amazonaws.com", kms("GenerateDataKey", { "aws:sqs:arn": QUEUE })),
    ],
    [
      "KMS for SQS, which gives a message out",
      byService("sqs.amazonaws.com", kms("Decrypt", { "aws:sqs:arn": QUEUE })),
    ],
    [
      "KMS for an own topic",
      byService(
        "sns.amazonaws.com",
        kms("Decrypt", { "aws:sns:topicArn": "arn:aws:sns:us-east-1:111122223333:opentrail-prod-activity" }),
      ),
    ],
    [
      "KMS for an own function's variables",
      byService(
        "lambda.amazonaws.com",
        kms("Decrypt", {
          "aws:lambda:FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:opentrail-prod-endpoint",
        }),
      ),
    ],
    [
      "KMS for an own bucket's object",
      byService(
        "s3.amazonaws.com",
        kms("GenerateDataKey", { "aws:s3:arn": "arn:aws:s3:::opentrail-prod-blocks/blocks/ab" }),
      ),
    ],
    [
      "KMS for an own table",
      byService(
        "dynamodb.amazonaws.com",
        kms("Decrypt", {
          "aws:dynamodb:tableName": "opentrail-prod-ledger",
          "aws:dynamodb:subscriberId": "111122223333",
        }),
      ),
    ],
    [
      "KMS for an own table in another partition",
      byService("dynamodb.amazonaws.com", {
        ...kms("Decrypt", {
          "aws:dynamodb:tableName": "opentrail-prod-ledger",
          "aws:dynamodb:subscriberId": "111122223333",
        }),
        awsRegion: "cn-north-1",
      }),
    ],
    [
      "an event source mapping invoking an own function",
      byService("lambda.amazonaws.com", {
        eventSource: "lambda.amazonaws.com",
        eventName: "Invoke",
        eventCategory: "Data",
        resources: [
          {
            type: "AWS::Lambda::Function",
            ARN: "arn:aws:lambda:us-east-1:111122223333:function:opentrail-prod-history",
          },
        ],
      }),
    ],
    [
      "SNS sending to an own queue",
      byService("sns.amazonaws.com", {
        eventSource: "sqs.amazonaws.com",
        eventName: "SendMessage",
        resources: [{ type: "AWS::SQS::Queue", ARN: QUEUE }],
      }),
    ],
    [
      "a schedule invoking an own function",
      byService("events.amazonaws.com", {
        eventSource: "lambda.amazonaws.com",
        eventName: "Invoke",
        resources: [
          {
            type: "AWS::Lambda::Function",
            ARN: "arn:aws:lambda:us-east-1:111122223333:function:opentrail-prod-sweep",
          },
        ],
      }),
    ],
  ])("%s is one", (_, fields) => {
    expect(isOwnCall(fields as JsonObject)).toBe(true);
  });

  test.each([
    ["a role whose name only begins like an own one", session("opentrail-prod-deliver-2")],
    [
      "an own role's name in another account",
      {
        userIdentity: {
          type: "AssumedRole",
          arn: "arn:aws:sts::444455556666:assumed-role/opentrail-prod-deliver/x",
        },
      },
    ],
    [
      "somebody who takes on an own role",
      {
        eventName: "AssumeRole",
        userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/mallory" },
        requestParameters: { roleArn: ROLE },
      },
    ],
    [
      "somebody who changes an own queue",
      { eventName: "SetQueueAttributes", userIdentity: { type: "IAMUser" }, resources: [{ ARN: QUEUE }] },
    ],
    [
      "somebody's own call of KMS that names an own queue",
      {
        ...kms("Decrypt", { "aws:sqs:arn": QUEUE }),
        userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/mallory" },
      },
    ],
    [
      "a service's call on a resource of somebody else",
      byService(
        "sns.amazonaws.com",
        kms("GenerateDataKey", { "aws:sqs:arn": "arn:aws:sqs:us-east-1:111122223333:orders" }),
      ),
    ],
    [
      "Lambda taking on a role of somebody else",
      byService("lambda.amazonaws.com", {
        eventName: "AssumeRole",
        requestParameters: { roleArn: "arn:aws:iam::111122223333:role/orders" },
      }),
    ],
    [
      "a service event on an own key",
      {
        eventType: "AwsServiceEvent",
        eventName: "RotateKey",
        userIdentity: { invokedBy: "AWS Internal" },
        resources: [{ ARN: QUEUE }],
      },
    ],
    ["no identity", { userIdentity: null }],
    ["nothing", {}],
  ])("%s is none", (_, fields) => {
    expect(isOwnCall(fields as JsonObject)).toBe(false);
  });

  test("where nothing is the stack's own, nothing is an own call", () => {
    const test = ownCallTest({ roles: [], resources: [] });

    expect(test(byService("sns.amazonaws.com", kms("Decrypt", { "aws:sqs:arn": QUEUE })))).toBe(false);
  });
});
