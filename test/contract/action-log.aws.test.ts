import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoActionLog } from "../../shared/adapters/aws/action-log.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeActionLogContract } from "./action-log.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeActionLogContract("aws", async () => {
    const client = new DynamoDBClient(config());
    return dynamoActionLog(client, await createTable(client, "actions"));
  });
});
