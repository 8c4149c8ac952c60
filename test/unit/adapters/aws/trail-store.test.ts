import {
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { dynamoTrailStore } from "../../../../shared/adapters/aws/trail-store.ts";
import { ConcurrentTrailChange } from "../../../../shared/ports/trail-store.ts";

const ACCOUNT = "111122223333";
const dynamo = mockClient(DynamoDBClient);

beforeEach(() => dynamo.reset());

const store = () => dynamoTrailStore(new DynamoDBClient({}), "trails");

function versionItem(version: number) {
  return { item: { S: "#version" }, version: { N: String(version) } };
}

function trailItem(name: string) {
  return { item: { S: `arn:${name}` }, trail: { S: JSON.stringify({ name }) } };
}

function cancelled(...codes: string[]): TransactionCanceledException {
  const CancellationReasons = codes.map((Code) => ({ Code }));
  return new TransactionCanceledException({ message: "cancelled", $metadata: {}, CancellationReasons });
}

describe("reading an account's trails", () => {
  it("trails that were changed while they were read are read again", async () => {
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [versionItem(1), trailItem("torn")] })
      .resolvesOnce({ Items: [versionItem(2), trailItem("whole")] });
    dynamo.on(GetItemCommand).resolves({ Item: versionItem(2) });

    const state = await store().read(ACCOUNT);

    expect(state).toEqual({ version: 2, trails: [{ name: "whole" }] });
  });

  it("all pages of an account are read, consistently", async () => {
    const LastEvaluatedKey = { accountId: { S: ACCOUNT }, item: { S: "arn:a" } };
    dynamo
      .on(QueryCommand)
      .resolvesOnce({ Items: [versionItem(2), trailItem("a")], LastEvaluatedKey })
      .resolvesOnce({ Items: [trailItem("b")] });
    dynamo.on(GetItemCommand).resolves({ Item: versionItem(2) });

    const state = await store().read(ACCOUNT);

    expect(state.trails).toEqual([{ name: "a" }, { name: "b" }]);
    const queries = dynamo.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(queries.map(({ ConsistentRead }) => ConsistentRead)).toEqual([true, true]);
    expect(queries[1]?.ExclusiveStartKey).toEqual(LastEvaluatedKey);
  });

  it("trails that never stand still are an error after a while", async () => {
    dynamo.on(QueryCommand).resolves({ Items: [versionItem(1)] });
    dynamo.on(GetItemCommand).resolves({ Item: versionItem(2) });

    await expect(store().read(ACCOUNT)).rejects.toBeInstanceOf(ConcurrentTrailChange);
  });
});

describe("changing a trail", () => {
  it.each([
    ["the version is another one", cancelled("ConditionalCheckFailed", "None"), true],
    ["somebody is changing one at the same time", cancelled("TransactionConflict", "None"), true],
    ["the table is too busy", cancelled("ThrottlingError", "None"), false],
    ["DynamoDB does not answer", new Error("socket hang up"), false],
  ])("when %s, that is told", async (_, error, concurrent) => {
    dynamo.on(TransactWriteItemsCommand).rejects(error);

    const problem = await store()
      .delete(ACCOUNT, "arn:a", 3)
      .catch((thrown: unknown) => thrown);

    expect(problem instanceof ConcurrentTrailChange).toBe(concurrent);
    expect(problem === error).toBe(!concurrent);
  });
});
