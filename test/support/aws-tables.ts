import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { TABLE_SCHEMAS, type TableNames } from "../../shared/adapters/aws/tables.ts";

/** Makes a table of a name that no other test has. Answers the name. */
export async function createTable(client: DynamoDBClient, table: keyof TableNames): Promise<string> {
  const TableName = `${table}-${crypto.randomUUID()}`;
  await client.send(new CreateTableCommand({ TableName, ...TABLE_SCHEMAS[table] }));
  return TableName;
}
