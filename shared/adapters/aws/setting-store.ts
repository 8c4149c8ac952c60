import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { SettingStore } from "../../ports/setting-store.ts";
import { holds, type Item, S } from "./dynamodb-items.ts";

/**
 * Settings in the table `settings` of `tables.ts`, an item each. A write also takes what it is to leave behind for what
 * it asks for, so that a write that was done and that the SDK repeats does not fail.
 */
export function dynamoSettingStore(client: DynamoDBClient, table: string): SettingStore {
  return {
    async read(key) {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { key: S(key) }, ConsistentRead: true }),
      );
      return item?.setting?.S;
    },
    async replace(key, before, after) {
      const values: Item = {
        ...(before !== undefined && { ":before": S(before) }),
        ...(after !== undefined && { ":after": S(after) }),
      };
      const isBefore = before === undefined ? "attribute_not_exists(setting)" : "setting = :before";
      const isAfter = after === undefined ? "attribute_not_exists(setting)" : "setting = :after";
      const write = {
        TableName: table,
        ConditionExpression: `${isBefore} OR ${isAfter}`,
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      };
      return holds(
        after === undefined
          ? client.send(new DeleteItemCommand({ ...write, Key: { key: S(key) } }))
          : client.send(new PutItemCommand({ ...write, Item: { key: S(key), setting: S(after) } })),
      );
    },
  };
}
