import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../ports/clock.ts";
import type { ImportProgress, ImportStore } from "../../ports/import-store.ts";
import { holds, type Item, N, numberOf, S } from "./dynamodb-items.ts";

/** A claim that finds a file taken, and then finds it free: asked again, this often. */
const MAX_CLAIMS = 3;

/**
 * Imports in the table `imports` of `tables.ts`, an item a file. A write of the item's owner may be repeated. DynamoDB
 * deletes late: an item that has expired counts as none.
 * @param memoryMs how long after its last note a file is remembered
 */
export function dynamoImportStore(
  client: DynamoDBClient,
  clock: Clock,
  table: string,
  memoryMs: number,
): ImportStore {
  const expiresAt = (): number => Math.ceil((clock.now() + memoryMs) / 1000);

  async function itemOf(file: string): Promise<Item | undefined> {
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { file: S(file) }, ConsistentRead: true }),
    );
    return item !== undefined && (numberOf(item, "expiresAt") ?? 0) * 1000 > clock.now() ? item : undefined;
  }

  return {
    async claim(file, { owner, until }) {
      for (let attempt = 1; attempt <= MAX_CLAIMS; attempt++) {
        const item = await itemOf(file);
        const progress = item ? progressOf(item) : { records: 0, refused: 0, isComplete: false };
        if (progress.isComplete) return { outcome: "imported", progress };
        const leaseUntil = item ? (numberOf(item, "leaseUntil") ?? 0) : 0;
        if (item !== undefined && item.owner?.S !== owner && leaseUntil > clock.now()) {
          return { outcome: "busy", until: leaseUntil };
        }
        const isTaken = await holds(
          client.send(
            new UpdateItemCommand({
              TableName: table,
              Key: { file: S(file) },
              UpdateExpression:
                "SET #owner = :owner, leaseUntil = :until, #records = :records, refused = :refused, isComplete = :no, expiresAt = :expiresAt",
              // The item is still the one that was read, or this very claim has been done.
              ConditionExpression: item
                ? "#owner = :owner OR (#owner = :before AND leaseUntil = :leaseUntil AND #records = :records)"
                : "attribute_not_exists(#file) OR #owner = :owner OR expiresAt <= :now",
              ExpressionAttributeNames: {
                "#owner": "owner",
                "#records": "records",
                ...(!item && { "#file": "file" }),
              },
              ExpressionAttributeValues: {
                ":owner": S(owner),
                ":until": N(until),
                ":records": N(progress.records),
                ":refused": N(progress.refused),
                ":no": { BOOL: false },
                ":expiresAt": N(expiresAt()),
                ...(item
                  ? { ":before": S(item.owner?.S ?? ""), ":leaseUntil": N(leaseUntil) }
                  : { ":now": N(Math.floor(clock.now() / 1000)) }),
              },
            }),
          ),
        );
        if (isTaken) return { outcome: "claimed", progress };
      }
      return { outcome: "busy", until: clock.now() };
    },

    async note(file, { owner, until }, { records, refused, isComplete }) {
      return holds(
        client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { file: S(file) },
            UpdateExpression:
              "SET leaseUntil = :until, #records = :records, refused = :refused, isComplete = :isComplete, expiresAt = :expiresAt",
            ConditionExpression: "#owner = :owner",
            ExpressionAttributeNames: { "#owner": "owner", "#records": "records" },
            ExpressionAttributeValues: {
              ":owner": S(owner),
              ":until": N(until),
              ":records": N(records),
              ":refused": N(refused),
              ":isComplete": { BOOL: isComplete },
              ":expiresAt": N(expiresAt()),
            },
          }),
        ),
      );
    },

    async read(file) {
      const item = await itemOf(file);
      return item && progressOf(item);
    },
  };
}

function progressOf(item: Item): ImportProgress {
  return {
    records: numberOf(item, "records") ?? 0,
    refused: numberOf(item, "refused") ?? 0,
    isComplete: item.isComplete?.BOOL ?? false,
  };
}
