import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../ports/clock.ts";
import type { FileRow, Ledger } from "../../ports/ledger.ts";
import { holds, type Item, N, readItems, S, stringOf } from "./dynamodb-items.ts";
import { expiresAt, fileKey, fileRow, openFileItem, partIdOf, partKey, sealValue } from "./ledger-items.ts";
import { inParallel } from "./parallel.ts";
import { OPEN_FILES_INDEX, OPEN_FILES_SHARDS } from "./tables.ts";

/** Writes on their way at one time: fewer than the SDK has connections (50). */
const PARALLEL_WRITES = 24;

/**
 * The ledger in the table `ledger` of `tables.ts`.
 *
 * Every step writes one item, under a condition; none needs a transaction, which would cost twice as much and end
 * at 100 items:
 *
 * - `claimParts` writes an item a part. If it rejects midway some parts are claimed and others are not, as if a
 *   worker had died after a smaller claim: the caller must then not write the file, and its lease sets them free.
 * - `releaseFile` removes the file's item alone. A part whose item names a file that has no item counts as never
 *   claimed, and may be claimed. This is safe since a file's item is there before any claim for it.
 * - The SDK sends a write again when its answer is lost, so each condition also holds for what the write itself left.
 *
 * All reads are consistent but one: the index of open files lags behind by a moment. `expiredFiles` reads the files
 * themselves after it, so it answers nothing that is not open; a file that it misses is found at the next sweep,
 * and since it is settled later its digest is a later one too.
 */
export function dynamoLedger(client: DynamoDBClient, clock: Clock, table: string): Ledger {
  async function holders(partIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const items = await readItems(client, clock, table, [...new Set(partIds)].map(partKey));
    return new Map(items.map((item) => [partIdOf(item), stringOf(item, "fileId")]));
  }

  async function files(fileIds: Iterable<string>): Promise<ReadonlyMap<string, FileRow>> {
    const items = await readItems(client, clock, table, [...new Set(fileIds)].map(fileKey));
    return new Map(items.map(fileRow).map((file) => [file.id, file]));
  }

  function claim(fileId: string, partId: string, insteadOf: string | undefined): Promise<boolean> {
    return holds(
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...partKey(partId), fileId: S(fileId), expiresAt: expiresAt(clock.now()) },
          ConditionExpression:
            insteadOf === undefined
              ? "attribute_not_exists(id) OR fileId = :file"
              : "fileId = :insteadOf OR fileId = :file",
          ExpressionAttributeValues: {
            ":file": S(fileId),
            ...(insteadOf !== undefined && { ":insteadOf": S(insteadOf) }),
          },
        }),
      ),
    );
  }

  /** Of parts that somebody else holds, the ones whose holder was released, with that holder. */
  async function heldByNobody(partIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const holderOf = await holders(partIds);
    const existing = await files(holderOf.values());
    return new Map([...holderOf].filter(([, fileId]) => !existing.has(fileId)));
  }

  function updateOpenFile(fileId: string, expression: string, values: Item): Promise<boolean> {
    return holds(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: fileKey(fileId),
          UpdateExpression: expression,
          ConditionExpression: "#state = :open",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: { ":open": S("open"), ...values },
        }),
      ),
    );
  }

  return {
    async filesOfParts(partIds) {
      const holderOf = await holders(partIds);
      const existing = await files(holderOf.values());
      const found = new Map<string, FileRow>();
      for (const [partId, fileId] of holderOf) {
        const file = existing.get(fileId);
        if (file) found.set(partId, file);
      }
      return found;
    },

    async openFile(file) {
      const written = await holds(
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: openFileItem(file),
            ConditionExpression: "attribute_not_exists(id) OR (#state = :open AND leaseUntil = :lease)",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: { ":open": S("open"), ":lease": N(file.leaseUntil) },
          }),
        ),
      );
      if (!written) throw new Error(`There is a file row of that id already: ${file.id}`);
    },

    async claimParts(fileId, claims) {
      const won = new Set<string>();
      const lost: string[] = [];
      await inParallel(PARALLEL_WRITES, claims, async ({ partId, insteadOf }) => {
        if (await claim(fileId, partId, insteadOf)) won.add(partId);
        else if (insteadOf === undefined) lost.push(partId);
      });
      if (lost.length > 0) {
        await inParallel(PARALLEL_WRITES, [...(await heldByNobody(lost))], async ([partId, released]) => {
          if (await claim(fileId, partId, released)) won.add(partId);
        });
      }
      return won;
    },

    sealFile(fileId, seal) {
      return updateOpenFile(fileId, "SET seal = :seal", { ":seal": sealValue(seal) });
    },

    async settleFile(fileId) {
      await updateOpenFile(fileId, "SET #state = :settled REMOVE openShard", { ":settled": S("settled") });
    },

    async voidFile(fileId, seal) {
      await updateOpenFile(fileId, "SET #state = :void, seal = :seal REMOVE openShard", {
        ":void": S("void"),
        ":seal": sealValue(seal),
      });
    },

    async releaseFile(fileId) {
      await holds(
        client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: fileKey(fileId),
            ConditionExpression: "#state = :open",
            ExpressionAttributeNames: { "#state": "state" },
            ExpressionAttributeValues: { ":open": S("open") },
          }),
        ),
      );
    },

    async expiredFiles(now, limit) {
      const shards = Array.from({ length: OPEN_FILES_SHARDS }, (_, shard) => shard);
      const keys: Item[] = [];
      await inParallel(OPEN_FILES_SHARDS, shards, async (shard) => {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: OPEN_FILES_INDEX,
            KeyConditionExpression: "openShard = :shard AND leaseUntil <= :now",
            ExpressionAttributeValues: { ":shard": N(shard), ":now": N(now) },
            Limit: limit,
          }),
        );
        keys.push(...(page.Items ?? []).map(({ id }) => ({ ...(id && { id }) })));
      });
      return (await readItems(client, clock, table, keys))
        .map(fileRow)
        .filter((file) => file.state === "open" && file.leaseUntil <= now)
        .sort((one, other) => one.leaseUntil - other.leaseUntil)
        .slice(0, limit);
    },
  };
}
