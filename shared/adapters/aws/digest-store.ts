import {
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../ports/clock.ts";
import {
  ConcurrentDigest,
  chainName,
  type DigestChain,
  type DigestChainId,
  type DigestedFile,
  type DigestStore,
  type WaitingFiles,
} from "../../ports/digest-store.ts";
import type { FileRow } from "../../ports/ledger.ts";
import { holds, type Item, N, readItems, S, stringOf } from "./dynamodb-items.ts";
import { expiresAt, fileRow } from "./ledger-items.ts";
import { UNDIGESTED_FILES_INDEX } from "./tables.ts";

/** The tables that chains and files are in. */
export interface DigestTables {
  readonly digests: string;
  readonly ledger: string;
}

/**
 * The partition that the chains' own items are in, by their names: they are read together, every few minutes, without
 * the far more items that list files.
 */
const CHAINS = "chains";

/** A transaction takes 100 items: these, the chunk that lists them, and the check of the chain's version. */
const FILES_A_TRANSACTION = 98;

/**
 * Chains of digests in the table `digests` of `tables.ts`, over the files of the table `ledger`.
 *
 * A digest's files are given to it in transactions that check the chain's version, and are listed in chunks of their own,
 * written in the same transactions: reading them is consistent, which reading an index is not. The index that tells which
 * files wait lags behind by a moment; what it misses is in the next digest. Old items go by their time to live.
 */
export function dynamoDigestStore(client: DynamoDBClient, clock: Clock, tables: DigestTables): DigestStore {
  /** Files that the index says are in no digest, as they are. */
  async function waitingRows(chain: string | undefined): Promise<readonly FileRow[]> {
    const index = { TableName: tables.ledger, IndexName: UNDIGESTED_FILES_INDEX };
    const pages =
      chain === undefined
        ? paginateScan({ client }, index)
        : paginateQuery(
            { client },
            {
              ...index,
              KeyConditionExpression: "undigested = :chain",
              ExpressionAttributeValues: { ":chain": S(chain) },
            },
          );
    const keys: Item[] = [];
    for await (const { Items = [] } of pages) {
      keys.push(...Items.map(({ id }) => ({ ...(id && { id }) })));
    }
    const items = await readItems(client, clock, tables.ledger, keys);
    return items.filter(({ undigested }) => undigested !== undefined).map(fileRow);
  }

  async function chunks(chain: DigestChainId, digestId: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    const pages = paginateQuery(
      { client },
      {
        TableName: tables.digests,
        KeyConditionExpression: "chain = :chain AND begins_with(#item, :digest)",
        ExpressionAttributeNames: { "#item": "item" },
        ExpressionAttributeValues: { ":chain": S(chainName(chain)), ":digest": S(chunkPrefix(digestId)) },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) items.push(...Items);
    return items;
  }

  async function takeChunk(
    chain: DigestChain,
    digestId: string,
    number: number,
    rows: readonly FileRow[],
  ): Promise<void> {
    const name = chainName(chain);
    const files = rows.flatMap(({ bucket, key, seal }) => (seal ? [{ bucket, key, seal }] : []));
    try {
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              ConditionCheck: {
                TableName: tables.digests,
                Key: { chain: S(CHAINS), item: S(name) },
                ConditionExpression: "version = :version",
                ExpressionAttributeValues: { ":version": N(chain.version) },
              },
            },
            {
              Put: {
                TableName: tables.digests,
                Item: {
                  chain: S(name),
                  item: S(`${chunkPrefix(digestId)}${String(number).padStart(6, "0")}`),
                  files: S(JSON.stringify(files satisfies readonly DigestedFile[])),
                  expiresAt: expiresAt(clock.now()),
                },
                ConditionExpression: "attribute_not_exists(chain)",
              },
            },
            ...rows.map(({ id }) => ({
              Update: {
                TableName: tables.ledger,
                Key: { id: S(`file#${id}`) },
                UpdateExpression: "SET digestId = :digest, expiresAt = :expiry REMOVE undigested",
                ConditionExpression: "attribute_exists(undigested) AND #state <> :open",
                ExpressionAttributeNames: { "#state": "state" },
                ExpressionAttributeValues: {
                  ":digest": S(digestId),
                  ":expiry": expiresAt(clock.now()),
                  ":open": S("open"),
                },
              },
            })),
          ],
        }),
      );
    } catch (error) {
      if (!isVersionPast(error)) throw error;
      throw pastVersion(chain, error);
    }
  }

  return {
    async waitingFiles() {
      const byChain = Map.groupBy(await waitingRows(undefined), chainName);
      return [...byChain.values()].flatMap((rows) => waitingFiles(rows));
    },

    async chains() {
      const chains: DigestChain[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tables.digests,
          KeyConditionExpression: "chain = :chains",
          ExpressionAttributeValues: { ":chains": S(CHAINS) },
          ConsistentRead: true,
        },
      );
      for await (const { Items = [] } of pages) {
        chains.push(...Items.map((item) => JSON.parse(stringOf(item, "document")) as DigestChain));
      }
      return chains;
    },

    async putChain(chain) {
      const next = { ...chain, version: chain.version + 1 };
      const written = await holds(
        client.send(
          new PutItemCommand({
            TableName: tables.digests,
            Item: {
              chain: S(CHAINS),
              item: S(chainName(chain)),
              version: N(next.version),
              document: S(JSON.stringify(next)),
            },
            ConditionExpression: chain.version === 0 ? "attribute_not_exists(version)" : "version = :version",
            ...(chain.version > 0 && { ExpressionAttributeValues: { ":version": N(chain.version) } }),
          }),
        ),
      );
      if (!written) throw pastVersion(chain);
      return next;
    },

    async takeFiles(chain, digestId) {
      const rows = (await waitingRows(chainName(chain))).filter(({ state }) => state !== "open");
      let number = (await chunks(chain, digestId)).length;
      // Without files it is still told whether the version is past.
      for (let from = 0; from < rows.length || from === 0; from += FILES_A_TRANSACTION) {
        await takeChunk(chain, digestId, number, rows.slice(from, from + FILES_A_TRANSACTION));
        number += 1;
      }
    },

    async filesOf(chain, digestId) {
      const items = await chunks(chain, digestId);
      return items
        .flatMap((item) => JSON.parse(stringOf(item, "files")) as readonly DigestedFile[])
        .sort((one, other) => (`${one.bucket}/${one.key}` < `${other.bucket}/${other.key}` ? -1 : 1));
    },

    /** DynamoDB deletes by time to live. */
    forgetFiles: async () => 0,
  };
}

function chunkPrefix(digestId: string): string {
  return `digest#${digestId}#`;
}

function waitingFiles(rows: readonly FileRow[]): readonly WaitingFiles[] {
  const newest = rows.reduce<FileRow | undefined>(
    (best, row) => (best === undefined || row.leaseUntil >= best.leaseUntil ? row : best),
    undefined,
  );
  if (newest === undefined) return [];
  const { trailArn, recipientAccountId, awsRegion, bucket, digestFolder, kmsKeyId } = newest;
  const open = rows.filter(({ state }) => state === "open").length;
  return [
    {
      ...{ trailArn, recipientAccountId, awsRegion },
      destination: { s3BucketName: bucket, ...digestFolder, ...(kmsKeyId !== undefined && { kmsKeyId }) },
      open,
      ready: rows.length - open,
    },
  ];
}

/** Whether it is the check of the chain's version that a transaction failed by. */
function isVersionPast(error: unknown): boolean {
  return (
    error instanceof TransactionCanceledException &&
    error.CancellationReasons?.[0]?.Code === "ConditionalCheckFailed"
  );
}

function pastVersion(chain: DigestChain, cause?: unknown): ConcurrentDigest {
  return new ConcurrentDigest(`The digests of ${chainName(chain)} are not at version ${chain.version}`, {
    cause,
  });
}
