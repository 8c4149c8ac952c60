import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../ports/clock.ts";
import type { ConditionalRow, KeyRange, NewRow, OrderedStore, StoredRow } from "../../ports/ordered-store.ts";
import { batchesOf } from "./batches.ts";
import { holds, type Item, N, numberOf, readItems, S } from "./dynamodb-items.ts";
import { inParallel } from "./parallel.ts";

/** Requests of one BatchWriteItem call. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const BATCH_LIMITS = { entries: 25, bytes: 15 * 1024 * 1024 };

/** Calls on their way at one time. */
const PARALLEL_CALLS = 8;

/** Calls for one batch, while DynamoDB leaves some of it undone. */
const MAX_ATTEMPTS = 8;

/** An item may have 400 KB: a longer value is cut into parts in items of their own. */
const BYTES_PER_PART = 380 * 1024;
const MOST_PARTS = 16;

/**
 * An ordered store in the table `history` of `tables.ts`: an item a row, which expires by the table's time to live.
 * All reads are consistent. Counters lie in spaces of their own.
 */
export function dynamoOrderedStore(client: DynamoDBClient, clock: Clock, table: string): OrderedStore {
  async function writeAll(requests: readonly WriteRequest[]): Promise<void> {
    const batches = batchesOf(requests, BATCH_LIMITS, bytesOfRequest);
    await inParallel(PARALLEL_CALLS, batches, async (batch) => {
      let left: readonly WriteRequest[] = batch;
      for (let attempt = 1; left.length > 0; attempt += 1) {
        if (attempt > MAX_ATTEMPTS) throw new Error(`DynamoDB left ${left.length} writes to ${table} undone`);
        if (attempt > 1) await clock.sleep(25 * 2 ** attempt * Math.random());
        const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: [...left] } }));
        left = answer.UnprocessedItems?.[table] ?? [];
      }
    });
  }

  /** The rows of items; long values are put together from their parts. */
  async function rowsOf(space: string, items: readonly Item[]): Promise<readonly StoredRow[]> {
    const partKeys = items.flatMap((item) =>
      Array.from({ length: numberOf(item, "parts") ?? 0 }, (_, part) =>
        partKey(space, numberOf(item, "key") ?? 0, part),
      ),
    );
    const parts = new Map<number, Buffer>();
    for (const item of await readItems(client, clock, table, partKeys)) {
      parts.set(numberOf(item, "key") ?? 0, bytesOf(item));
    }
    return items.map((item) => {
      const key = numberOf(item, "key") ?? 0;
      const count = numberOf(item, "parts") ?? 0;
      const long = Array.from({ length: count }, (_, part) => parts.get(key * MOST_PARTS + part));
      if (long.includes(undefined)) throw new Error(`The row ${key} of ${space} lacks a part`);
      return { space, key, value: count === 0 ? bytesOf(item) : Buffer.concat(long as Buffer[]) };
    });
  }

  async function getMany(space: string, keys: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
    const wanted = [...new Set(keys)].map((key) => rowKey(space, key));
    const rows = await rowsOf(space, await readItems(client, clock, table, wanted));
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  return {
    getMany,

    async get(space, key) {
      return (await getMany(space, [key])).get(key);
    },

    async range(space, { from, to, reverse = false, limit }: KeyRange) {
      const items: Item[] = [];
      let start: Item | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: "#space = :space AND #key BETWEEN :from AND :to",
            ExpressionAttributeNames: { "#space": "space", "#key": "key" },
            ExpressionAttributeValues: { ":space": S(space), ":from": N(from), ":to": N(to) },
            ConsistentRead: true,
            ScanIndexForward: !reverse,
            ...(limit !== undefined && { Limit: limit - items.length }),
            ...(start && { ExclusiveStartKey: start }),
          }),
        );
        items.push(...(page.Items ?? []));
        start = page.LastEvaluatedKey;
      } while (start !== undefined && items.length < (limit ?? Number.POSITIVE_INFINITY));
      return rowsOf(space, items);
    },

    async stage(rows) {
      await writeAll(rows.flatMap(putRequests));
    },

    async commit(rows, last) {
      const requests = putRequests(last);
      const item = requests.at(-1)?.PutRequest?.Item;
      await writeAll([...rows.flatMap(putRequests), ...requests.slice(0, -1)]);
      return holds(client.send(new PutItemCommand({ TableName: table, Item: item, ...conditionOf(last) })));
    },

    async increment(space, key, by) {
      const { Attributes: attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: rowKey(`${space}#counters`, key),
          UpdateExpression: "ADD #count :by",
          ExpressionAttributeNames: { "#count": "count" },
          ExpressionAttributeValues: { ":by": N(by) },
          ReturnValues: "UPDATED_NEW",
        }),
      );
      return numberOf(attributes ?? {}, "count") ?? 0;
    },

    async delete(space, keys) {
      await writeAll([...new Set(keys)].map((key) => ({ DeleteRequest: { Key: rowKey(space, key) } })));
    },

    async discard() {
      // Deleting would be charged as writing is; expiry is not.
    },
  };
}

function rowKey(space: string, key: number): Item {
  return { space: S(space), key: N(key) };
}

function partKey(space: string, key: number, part: number): Item {
  return rowKey(`${space}#parts`, key * MOST_PARTS + part);
}

function bytesOf(item: Item): Buffer {
  const { buffer, byteOffset, byteLength } = item.value?.B ?? Buffer.alloc(0);
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The items of a row, its own last. */
function putRequests({ space, key, value, expiresAt }: NewRow): readonly WriteRequest[] {
  const expiry: Item = expiresAt === undefined ? {} : { expiresAt: N(Math.ceil(expiresAt / 1000)) };
  if (value.length <= BYTES_PER_PART) {
    return [{ PutRequest: { Item: { ...rowKey(space, key), value: { B: value }, ...expiry } } }];
  }
  const count = Math.ceil(value.length / BYTES_PER_PART);
  if (count > MOST_PARTS) throw new Error(`A row of ${value.length} bytes is too long for DynamoDB`);
  const parts = Array.from({ length: count }, (_, part) => ({
    PutRequest: {
      Item: {
        ...partKey(space, key, part),
        value: { B: value.subarray(part * BYTES_PER_PART, (part + 1) * BYTES_PER_PART) },
        ...expiry,
      },
    },
  }));
  return [...parts, { PutRequest: { Item: { ...rowKey(space, key), parts: N(count), ...expiry } } }];
}

/** A lost answer has the SDK write again: so the condition also holds for what the write itself left. */
function conditionOf(row: NewRow | ConditionalRow) {
  if (!("expected" in row)) {
    return {};
  }
  const { expected, value } = row;
  return {
    ConditionExpression:
      expected === undefined
        ? "attribute_not_exists(#value) OR #value = :written"
        : "#value = :expected OR #value = :written",
    ExpressionAttributeNames: { "#value": "value" },
    ExpressionAttributeValues: {
      ":written": { B: value },
      ...(expected !== undefined && { ":expected": { B: expected } }),
    },
  };
}

function bytesOfRequest({ PutRequest }: WriteRequest): number {
  return (PutRequest?.Item?.value?.B?.length ?? 0) + 200;
}
