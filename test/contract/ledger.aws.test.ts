import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoLedger } from "../../shared/adapters/aws/ledger.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeLedgerContract } from "./ledger.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeLedgerContract("aws", async () => {
    const client = new DynamoDBClient(config());
    const ledger = dynamoLedger(client, systemClock, await createTable(client, "ledger"));
    return { ledger, close: async () => client.destroy() };
  });
});
