import { describe, expect, it } from "vitest";
import { chargedUnits, UnpricedCall, type WireCall } from "../../../cost/charged-units.ts";

const NOTHING = Buffer.alloc(0);

function jsonCall(target: string, input: unknown, answer: unknown = {}): WireCall {
  const headers = { "x-amz-target": target, "content-type": "application/x-amz-json-1.0" };
  return {
    method: "POST",
    path: "/",
    headers,
    body: Buffer.from(JSON.stringify(input)),
    answer: Buffer.from(JSON.stringify(answer)),
  };
}

function s3Call(method: string, path: string): WireCall {
  const authorization = "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/s3/aws4_request, …";
  return { method, path, headers: { authorization }, body: NOTHING, answer: NOTHING };
}

function queryCall(form: Readonly<Record<string, string>>): WireCall {
  return {
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(new URLSearchParams(form).toString()),
    answer: NOTHING,
  };
}

describe("what AWS charges for a call", () => {
  it("is a write unit for each kilobyte of an item, begun", () => {
    const call = (bytes: number) =>
      jsonCall("DynamoDB_20120810.PutItem", {
        TableName: "opentrail-local-history",
        Item: { space: { S: "s" }, key: { N: "1" }, value: { B: Buffer.alloc(bytes).toString("base64") } },
      });

    expect(chargedUnits(call(100))).toEqual({ "dynamodb.writeUnits": 1 });
    expect(chargedUnits(call(1_024))).toEqual({ "dynamodb.writeUnits": 2 });
    expect(chargedUnits(call(11_000))).toEqual({ "dynamodb.writeUnits": 11 });
  });

  it("is another write for each index whose key a write names", () => {
    const update = (UpdateExpression: string) =>
      jsonCall("DynamoDB_20120810.UpdateItem", {
        TableName: "opentrail-local-ledger",
        Key: { id: { S: "file#1" } },
        UpdateExpression,
        ExpressionAttributeNames: { "#open": "openShard" },
      });

    expect(chargedUnits(update("SET fileId = :file"))).toEqual({ "dynamodb.writeUnits": 1 });
    expect(chargedUnits(update("REMOVE #open SET undigested = :chain"))).toEqual({
      "dynamodb.writeUnits": 3,
    });
  });

  it("is twice as much in a transaction", () => {
    const Put = { TableName: "opentrail-local-trails", Item: { accountId: { S: "111122223333" } } };

    expect(
      chargedUnits(jsonCall("DynamoDB_20120810.TransactWriteItems", { TransactItems: [{ Put }, { Put }] })),
    ).toEqual({
      "dynamodb.writeUnits": 4,
    });
  });

  it("is half a read unit for each four kilobytes, and a whole one where the read is consistent", () => {
    const read = (ConsistentRead: boolean) =>
      jsonCall("DynamoDB_20120810.Query", { ConsistentRead }, { Items: "x".repeat(5_000) });

    expect(chargedUnits(read(false))).toEqual({ "dynamodb.readUnits": 1 });
    expect(chargedUnits(read(true))).toEqual({ "dynamodb.readUnits": 2 });
  });

  it("is 64 KB of what a topic is sent, and of each message for each queue that takes it", () => {
    const form = {
      Action: "PublishBatch",
      "PublishBatchRequestEntries.member.1.Message": "m".repeat(40_000),
      "PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.StringValue":
        '["log-files","history"]',
      "PublishBatchRequestEntries.member.2.Message": "m".repeat(40_000),
      "PublishBatchRequestEntries.member.2.MessageAttributes.entry.1.Value.StringValue": '["history"]',
    };

    expect(chargedUnits(queryCall(form))).toEqual({ "sns.requests": 2, "sqs.requests": 3 });
  });

  it("tells S3's writes and lists from its reads, and deletes are free", () => {
    expect(chargedUnits(s3Call("PUT", "/bucket/key"))).toEqual({ "s3.writes": 1 });
    expect(chargedUnits(s3Call("GET", "/bucket/?list-type=2&prefix=a"))).toEqual({ "s3.writes": 1 });
    expect(chargedUnits(s3Call("GET", "/bucket/key?x-id=GetObject"))).toEqual({ "s3.reads": 1 });
    expect(chargedUnits(s3Call("DELETE", "/bucket/key"))).toEqual({ "s3.writes": 0 });
  });

  it("is 64 KB of each event, and what log events have besides their messages", () => {
    const Entries = [{ Detail: "d".repeat(100) }, { Detail: "d".repeat(70_000) }];
    const logEvents = [{ message: "m".repeat(974) }, { message: "m".repeat(974) }];

    expect(chargedUnits(jsonCall("AWSEvents.PutEvents", { Entries }))).toEqual({ "eventbridge.events": 3 });
    expect(chargedUnits(jsonCall("Logs_20140328.PutLogEvents", { logEvents }))).toEqual({
      "logs.gb": 2_000 / 1e9,
    });
  });

  it("is never nothing for want of a rule", () => {
    expect(() => chargedUnits(jsonCall("DynamoDB_20120810.ExecuteStatement", {}))).toThrow(UnpricedCall);
    expect(() => chargedUnits(jsonCall("Kinesis_20131202.PutRecord", {}))).toThrow(UnpricedCall);
    expect(() => chargedUnits(queryCall({ Action: "CreateTopic" }))).toThrow(UnpricedCall);
  });
});
