import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../ports/clock.ts";

/** An item as the low-level client gives it. */
export type Item = Record<string, AttributeValue>;

/** Keys of one BatchGetItem call. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_PER_CALL = 100;

/** Calls for one batch of keys, while DynamoDB leaves some of them unanswered. */
const MAX_ATTEMPTS = 8;

export const S = (value: string): AttributeValue => ({ S: value });
export const N = (value: number): AttributeValue => ({ N: String(value) });

/** A string attribute of an item. @throws Error if the item has none by that name */
export function stringOf(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw new Error(`The item has no string ${name}: ${Object.keys(item)}`);
  return value;
}

/** A number attribute of an item, or undefined. */
export function numberOf(item: Item, name: string): number | undefined {
  const value = item[name]?.N;
  return value === undefined ? undefined : Number(value);
}

/** Runs a conditional write. Answers false, and does not throw, where its condition does not hold. */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * Reads items by key, consistently, in any number; those that do not exist are left out. Asks again for keys
 * that DynamoDB leaves unprocessed.
 */
export async function readItems(
  client: DynamoDBClient,
  clock: Clock,
  table: string,
  keys: readonly Item[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let from = 0; from < keys.length; from += KEYS_PER_CALL) {
    let wanted: Item[] = keys.slice(from, from + KEYS_PER_CALL);
    for (let attempt = 1; wanted.length > 0; attempt++) {
      if (attempt > MAX_ATTEMPTS) throw new Error(`DynamoDB left ${wanted.length} keys of ${table} unread`);
      if (attempt > 1) await clock.sleep(25 * 2 ** attempt * Math.random());
      const answer = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
      );
      items.push(...(answer.Responses?.[table] ?? []));
      wanted = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return items;
}
