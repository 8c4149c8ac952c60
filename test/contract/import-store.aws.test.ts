import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoImportStore } from "../../shared/adapters/aws/import-store.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeImportStoreContract } from "./import-store.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeImportStoreContract("aws", async (clock, memoryMs) => {
    const client = new DynamoDBClient(config());
    return dynamoImportStore(client, clock, await createTable(client, "imports"), memoryMs);
  });
});
