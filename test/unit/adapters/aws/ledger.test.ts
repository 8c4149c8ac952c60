import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { dynamoLedger } from "../../../../shared/adapters/aws/ledger.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import type { FileRow } from "../../../../shared/ports/ledger.ts";

const FILE: FileRow = {
  id: "trail-logs/a",
  bucket: "trail-logs",
  key: "a",
  trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/example",
  recipientAccountId: "111122223333",
  awsRegion: "us-east-1",
  kind: "management",
  state: "open",
  leaseUntil: Date.UTC(2026, 0, 1),
};

describe("reading in batches", () => {
  const dynamo = mockClient(DynamoDBClient);

  beforeEach(() => dynamo.reset());

  it("keys that DynamoDB leaves unprocessed are asked for again", async () => {
    const part = { id: { S: "part#p1" }, fileId: { S: FILE.id } };
    dynamo
      .on(BatchGetItemCommand)
      .resolvesOnce({ UnprocessedKeys: { ledger: { Keys: [{ id: { S: "part#p1" } }] } } })
      .resolvesOnce({ Responses: { ledger: [part] } })
      .resolves({ Responses: { ledger: [] } });
    const ledger = dynamoLedger(new DynamoDBClient({}), new MemoryClock(0), "ledger");

    await ledger.filesOfParts(["p1"]);

    const asked = dynamo
      .commandCalls(BatchGetItemCommand)
      .map(({ args }) => args[0].input.RequestItems?.ledger?.Keys?.[0]?.id?.S);
    expect(asked).toEqual(["part#p1", "part#p1", `file#${FILE.id}`]);
  });

  it("keys that stay unprocessed are an error, not parts that were never claimed", async () => {
    const Keys = [{ id: { S: "part#p1" } }];
    dynamo.on(BatchGetItemCommand).resolves({ UnprocessedKeys: { ledger: { Keys } } });
    const ledger = dynamoLedger(new DynamoDBClient({}), new MemoryClock(0), "ledger");

    await expect(ledger.filesOfParts(["p1"])).rejects.toThrow("left 1 keys");
  });

  it("a claim that DynamoDB does not answer is thrown, and is neither won nor lost", async () => {
    dynamo.on(PutItemCommand).rejects(new Error("socket hang up"));
    const ledger = dynamoLedger(new DynamoDBClient({}), new MemoryClock(0), "ledger");

    await expect(ledger.claimParts(FILE.id, [{ partId: "p1" }])).rejects.toThrow("socket hang up");
  });

  it("a file row that somebody else has is an error", async () => {
    dynamo.on(PutItemCommand).rejects(new ConditionalCheckFailedException({ message: "", $metadata: {} }));
    const ledger = dynamoLedger(new DynamoDBClient({}), new MemoryClock(0), "ledger");

    await expect(ledger.openFile(FILE)).rejects.toThrow("There is a file row");
  });
});
