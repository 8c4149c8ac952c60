import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { ActionLog } from "../../ports/action-log.ts";
import { type NotedAction, noteAction } from "../../remediation/action-budget.ts";
import { holds, S } from "./dynamodb-items.ts";

/** Writes of one subject's actions, while others write them too. */
const MAX_ATTEMPTS = 10;

/**
 * Actions in the table `actions` of `tables.ts`, an item a subject. A write asks for the actions that it was made
 * from, or for itself, so that a repeated write does not fail.
 */
export function dynamoActionLog(client: DynamoDBClient, table: string): ActionLog {
  async function read(subject: string): Promise<string | undefined> {
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { subject: S(subject) }, ConsistentRead: true }),
    );
    return item?.actions?.S;
  }

  function replace(subject: string, before: string | undefined, after: string): Promise<boolean> {
    return holds(
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: { subject: S(subject), actions: S(after) },
          ConditionExpression:
            before === undefined
              ? "attribute_not_exists(subject) OR actions = :after"
              : "actions = :before OR actions = :after",
          ExpressionAttributeValues: {
            ":after": S(after),
            ...(before !== undefined && { ":before": S(before) }),
          },
        }),
      ),
    );
  }

  return {
    async note({ subject, cause, at }, budget) {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const before = await read(subject);
        const noted: readonly NotedAction[] = before === undefined ? [] : JSON.parse(before);
        const after = noteAction(noted, { cause, at }, budget);
        if (after === undefined) return false;
        if (await replace(subject, before, JSON.stringify(after))) return true;
      }
      throw new Error(`The actions on ${subject} change faster than one more can be noted`);
    },
  };
}
