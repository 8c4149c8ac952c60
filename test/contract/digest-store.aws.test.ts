import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoDigestStore } from "../../shared/adapters/aws/digest-store.ts";
import { dynamoLedger } from "../../shared/adapters/aws/ledger.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeDigestStoreContract } from "./digest-store.suite.ts";

describeWithMoto("DynamoDB in moto", (config) => {
  describeDigestStoreContract("aws", async () => {
    const client = new DynamoDBClient(config());
    const tables = {
      ledger: await createTable(client, "ledger"),
      digests: await createTable(client, "digests"),
    };
    return {
      ledger: dynamoLedger(client, systemClock, tables.ledger),
      digests: dynamoDigestStore(client, systemClock, tables),
      close: async () => client.destroy(),
    };
  });
});
