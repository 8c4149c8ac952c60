import {
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { ConcurrentTrailChange, type TrailStore } from "../../ports/trail-store.ts";
import type { Trail, TrailState } from "../../trail/trail.ts";
import { type Item, N, numberOf, S, stringOf } from "./dynamodb-items.ts";

/** Sort key of the item that holds an account's version. */
const VERSION = "#version";

/** Reads of an account's trails, while somebody else keeps changing them. */
const MAX_READS = 10;

/**
 * Trails in the table `trails` of `tables.ts`, an item each, beside an item with the account's version. A change
 * writes both in one transaction that asks for the expected version.
 */
export function dynamoTrailStore(client: DynamoDBClient, table: string): TrailStore {
  async function version(accountId: string): Promise<number> {
    const { Item: item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: { accountId: S(accountId), item: S(VERSION) },
        ConsistentRead: true,
      }),
    );
    return item === undefined ? 0 : (numberOf(item, "version") ?? 0);
  }

  async function items(accountId: string): Promise<readonly Item[]> {
    const found: Item[] = [];
    let from: Item | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "accountId = :account",
          ExpressionAttributeValues: { ":account": S(accountId) },
          ConsistentRead: true,
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      found.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return found;
  }

  async function change(accountId: string, expected: number, write: TransactWriteItem): Promise<void> {
    const raiseVersion: TransactWriteItem = {
      Update: {
        TableName: table,
        Key: { accountId: S(accountId), item: S(VERSION) },
        UpdateExpression: "SET version = :next",
        ConditionExpression: expected === 0 ? "attribute_not_exists(version)" : "version = :expected",
        ExpressionAttributeValues: {
          ":next": N(expected + 1),
          ...(expected > 0 && { ":expected": N(expected) }),
        },
      },
    };
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [raiseVersion, write] }));
    } catch (error) {
      if (!isConcurrentChange(error)) throw error;
      throw new ConcurrentTrailChange(`The trails of ${accountId} are not at version ${expected}`, {
        cause: error,
      });
    }
  }

  return {
    version,
    async read(accountId): Promise<TrailState> {
      for (let attempt = 0; attempt < MAX_READS; attempt++) {
        const [first, ...rest] = await items(accountId);
        const versionRead = first === undefined ? 0 : (numberOf(first, "version") ?? 0);
        // A query is no snapshot: it may show one change without an earlier one. It meets the version first, so
        // a version that still stands after it says that nothing changed between.
        if ((await version(accountId)) === versionRead) {
          return { version: versionRead, trails: rest.map((item) => JSON.parse(stringOf(item, "trail"))) };
        }
      }
      throw new ConcurrentTrailChange(`The trails of ${accountId} change faster than they can be read`);
    },
    put(trail: Trail, expectedVersion) {
      return change(trail.accountId, expectedVersion, {
        Put: {
          TableName: table,
          Item: {
            accountId: S(trail.accountId),
            item: S(trail.trailArn),
            trail: S(JSON.stringify(trail)),
          },
        },
      });
    },
    delete(accountId, trailArn, expectedVersion) {
      return change(accountId, expectedVersion, {
        Delete: { TableName: table, Key: { accountId: S(accountId), item: S(trailArn) } },
      });
    },
  };
}

/** Whether a transaction failed because somebody else changed the account's trails, before it or at the same time. */
function isConcurrentChange(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      ({ Code }) => Code === "ConditionalCheckFailed" || Code === "TransactionConflict",
    )
  );
}
