import {
  DeleteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { DeliveryStatus, DeliveryTarget, TargetStatus } from "../../ports/delivery-status.ts";
import { holds, type Item, N, numberOf, S, stringOf } from "./dynamodb-items.ts";

/**
 * How deliveries went, in the table `deliveryStatus` of `tables.ts`: an item a trail and target. Workers report
 * out of order; an older report never covers a newer one.
 */
export function dynamoDeliveryStatus(client: DynamoDBClient, table: string): DeliveryStatus {
  function update(
    trailArn: string,
    target: DeliveryTarget,
    expression: string,
    condition: string,
    values: Item,
  ): Promise<boolean> {
    return holds(
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { trailArn: S(trailArn), target: S(target) },
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
  }

  async function items(trailArn: string): Promise<readonly Item[]> {
    const { Items } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "trailArn = :trail",
        ExpressionAttributeValues: { ":trail": S(trailArn) },
        ConsistentRead: true,
      }),
    );
    return Items ?? [];
  }

  return {
    async report(trailArn, target, at, error) {
      const newest = await update(
        trailArn,
        target,
        error === undefined
          ? "SET latestAttemptAt = :at, latestSuccessAt = :at REMOVE latestError"
          : "SET latestAttemptAt = :at, latestError = :error",
        "attribute_not_exists(latestAttemptAt) OR latestAttemptAt <= :at",
        { ":at": N(at), ...(error !== undefined && { ":error": S(error) }) },
      );
      if (newest || error !== undefined) return;
      await update(
        trailArn,
        target,
        "SET latestSuccessAt = :at",
        "attribute_not_exists(latestSuccessAt) OR latestSuccessAt <= :at",
        { ":at": N(at) },
      );
    },

    async read(trailArn) {
      const statuses = (await items(trailArn)).map((item) => [stringOf(item, "target"), targetStatus(item)]);
      return Object.fromEntries(statuses);
    },

    async forget(trailArn) {
      for (const item of await items(trailArn)) {
        const key = { trailArn: S(trailArn), target: S(stringOf(item, "target")) };
        await client.send(new DeleteItemCommand({ TableName: table, Key: key }));
      }
    },
  };
}

function targetStatus(item: Item): TargetStatus {
  const latestSuccessAt = numberOf(item, "latestSuccessAt");
  const latestError = item.latestError?.S;
  return {
    latestAttemptAt: numberOf(item, "latestAttemptAt") ?? 0,
    ...(latestSuccessAt !== undefined && { latestSuccessAt }),
    ...(latestError !== undefined && { latestError }),
  };
}
