import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoOrderedStore } from "../../shared/adapters/aws/ordered-store.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { createTable } from "../support/aws-tables.ts";
import { fakeDynamo } from "../support/fake-dynamo.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeOrderedStoreContract } from "./ordered-store.suite.ts";

describeOrderedStoreContract("aws, over a fake of DynamoDB", async () => ({
  store: dynamoOrderedStore(fakeDynamo().client, systemClock, "history"),
  close: async () => undefined,
}));

describeWithMoto("DynamoDB in moto", (config) => {
  describeOrderedStoreContract("aws", async () => {
    const client = new DynamoDBClient(config());
    const store = dynamoOrderedStore(client, systemClock, await createTable(client, "history"));
    return { store, close: async () => client.destroy() };
  });
});
