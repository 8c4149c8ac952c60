import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

/** Settings of a table that do not depend on where it is deployed: all but its name. */
export type TableSchema = Omit<CreateTableCommandInput, "TableName">;

/** Names of the tables that state is kept in. Separate tables, so that each function may be granted just its own. */
export interface TableNames {
  readonly trails: string;
  readonly ledger: string;
  readonly digests: string;
  readonly deliveryStatus: string;
  readonly actions: string;
  readonly history: string;
  readonly settings: string;
  readonly imports: string;
}

/** The index of the ledger that holds its open files and nothing else. */
export const OPEN_FILES_INDEX = "open-files";

/** The index of the ledger that holds, by chain, the files that no digest has taken. */
export const UNDIGESTED_FILES_INDEX = "undigested-files";

/** Over how many partitions of the index open files are spread, so that one does not limit the table's writes. */
export const OPEN_FILES_SHARDS = 8;

/** The tables whose items go by their time to live, `expiresAt` (seconds since the epoch). */
export const TIME_TO_LIVE_TABLES: readonly (keyof TableNames)[] = ["ledger", "digests", "history", "imports"];

/**
 * The tables' keys.
 *
 * - trails: `accountId`, `item`: a trail's ARN with its `trail` (JSON), or `#version` with the account's `version`.
 *   `#` sorts before every ARN: a query meets the version first.
 * - ledger: `id`: `part#<part id>` with its `fileId`, or `file#<file id>` with the file row. Open files alone
 *   have an `openShard`, which makes the index sparse.
 *   Files that are to be in a digest and are in none have an `undigested`, the name of their chain.
 *   Its time to live is `expiresAt` (seconds since the epoch).
 * - digests: `chain`, `item`: under `chains` every chain of digests with its `version`, by its name; under a chain's name
 *   the files of its digests, in chunks; under `signing-keys` the keys. Its time to live is `expiresAt`.
 * - deliveryStatus: `trailArn`, `target`.
 * - actions: `subject` with its `actions` (JSON).
 * - history: `space`, `key`: rows of the ordered store. Its time to live is `expiresAt` (seconds since the epoch).
 * - settings: `key` with its `setting` (JSON).
 * - imports: `file` (`bucket/key#etag`) with the lease of its import and how far it has come. Its time to live is
 *   `expiresAt` (seconds since the epoch).
 */
export const TABLE_SCHEMAS: Readonly<Record<keyof TableNames, TableSchema>> = {
  trails: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "accountId", AttributeType: "S" },
      { AttributeName: "item", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "accountId", KeyType: "HASH" },
      { AttributeName: "item", KeyType: "RANGE" },
    ],
  },
  ledger: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "id", AttributeType: "S" },
      { AttributeName: "openShard", AttributeType: "N" },
      { AttributeName: "leaseUntil", AttributeType: "N" },
      { AttributeName: "undigested", AttributeType: "S" },
    ],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: OPEN_FILES_INDEX,
        KeySchema: [
          { AttributeName: "openShard", KeyType: "HASH" },
          { AttributeName: "leaseUntil", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
      {
        IndexName: UNDIGESTED_FILES_INDEX,
        KeySchema: [
          { AttributeName: "undigested", KeyType: "HASH" },
          { AttributeName: "id", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  },
  digests: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "chain", AttributeType: "S" },
      { AttributeName: "item", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "chain", KeyType: "HASH" },
      { AttributeName: "item", KeyType: "RANGE" },
    ],
  },
  deliveryStatus: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "trailArn", AttributeType: "S" },
      { AttributeName: "target", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "trailArn", KeyType: "HASH" },
      { AttributeName: "target", KeyType: "RANGE" },
    ],
  },
  actions: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "subject", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "subject", KeyType: "HASH" }],
  },
  history: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "space", AttributeType: "S" },
      { AttributeName: "key", AttributeType: "N" },
    ],
    KeySchema: [
      { AttributeName: "space", KeyType: "HASH" },
      { AttributeName: "key", KeyType: "RANGE" },
    ],
  },
  settings: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "key", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "key", KeyType: "HASH" }],
  },
  imports: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "file", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "file", KeyType: "HASH" }],
  },
};
