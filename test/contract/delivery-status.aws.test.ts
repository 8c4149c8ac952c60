import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDeliveryStatus } from "../../shared/adapters/aws/delivery-status.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeDeliveryStatusContract } from "./delivery-status.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeDeliveryStatusContract("aws", async () => {
    const client = new DynamoDBClient(config());
    const status = dynamoDeliveryStatus(client, await createTable(client, "deliveryStatus"));
    return { status, close: async () => client.destroy() };
  });
});
