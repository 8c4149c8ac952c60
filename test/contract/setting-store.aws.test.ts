import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoSettingStore } from "../../shared/adapters/aws/setting-store.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeSettingStoreContract } from "./setting-store.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeSettingStoreContract("aws", async () => {
    const client = new DynamoDBClient(config());
    return dynamoSettingStore(client, await createTable(client, "settings"));
  });
});
