import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoTrailStore } from "../../shared/adapters/aws/trail-store.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeTrailStoreContract } from "./trail-store.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeTrailStoreContract("aws", async () => {
    const client = new DynamoDBClient(config());
    const trails = dynamoTrailStore(client, await createTable(client, "trails"));
    return { trails, close: async () => client.destroy() };
  });
});
