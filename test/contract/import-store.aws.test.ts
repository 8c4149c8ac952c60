import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoImportStore } from "../../shared/adapters/aws/import-store.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeImportStoreContract } from "./import-store.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeImportStoreContract("aws", async (clock, memoryMs) => {
    // Moto's threads can come between another's condition and its write, which DynamoDB rules out: requests go one by one.
    const client = new DynamoDBClient({ ...config(), requestHandler: { httpAgent: { maxSockets: 1 } } });
    return dynamoImportStore(client, clock, await createTable(client, "imports"), memoryMs);
  });
});
