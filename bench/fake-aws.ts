import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { TABLE_SCHEMAS } from "../shared/adapters/aws/tables.ts";
import { fakeDynamo } from "../test/support/fake-dynamo.ts";
import { DynamoTable, type Item } from "./dynamo-table.ts";

/*
 * As much of S3, DynamoDB, CloudWatch Logs and EventBridge as the delivery functions call, in a process of its own:
 * each call is answered after a fixed time, so that round trips one after another show. It tells its parent
 * `{ port }` when it listens, and `{ counts }` when it is sent a message.
 */

/** How long the services take to answer, in ms, as functions in the same region see it. */
const LATENCY_MS = { DynamoDB_20120810: 5, AWSEvents: 20, Logs_20140328: 20, S3: 30 };

/** What the services have taken. */
export interface FakeAwsCounts {
  readonly calls: Readonly<Record<string, number>>;
  /** In objects with gzip and `{"Records":[…]}`. */
  readonly logFileRecords: number;
  readonly logEvents: number;
  readonly busEvents: number;
}

type Json = Record<string, unknown>;

const HISTORY_COMMANDS: Readonly<Record<string, (input: never) => unknown>> = {
  BatchGetItem: (input) => new BatchGetItemCommand(input),
  BatchWriteItem: (input) => new BatchWriteItemCommand(input),
  PutItem: (input) => new PutItemCommand(input),
  Query: (input) => new QueryCommand(input),
  UpdateItem: (input) => new UpdateItemCommand(input),
};
const HISTORY = "history";
const history = fakeDynamo();
const tables = {
  ledger: new DynamoTable(keyNames("ledger")),
  deliveryStatus: new DynamoTable(keyNames("deliveryStatus")),
};
const calls: Record<string, number> = {};
const objects = new Map<string, Buffer>();
let logEvents = 0;
let busEvents = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const [service = "S3", operation = request.method ?? ""] =
    request.headers["x-amz-target"]?.toString().split(".") ?? [];
  calls[operation] = (calls[operation] ?? 0) + 1;
  let answer: { readonly status: number; readonly json?: unknown };
  try {
    answer =
      service === "S3"
        ? putObject(request.url ?? "", body)
        : { status: 200, json: await call(service, operation, JSON.parse(body.toString())) };
  } catch (error) {
    const { name, message } = error as Error;
    answer = { status: 400, json: { __type: name, message } };
  }
  await sleep(LATENCY_MS[service as keyof typeof LATENCY_MS] * Number(process.argv[2] ?? 1));
  response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" });
  response.end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
});
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on("message", () => {
  const logFileRecords = [...objects.values()].reduce((sum, body) => sum + recordsOf(body), 0);
  process.send?.({ counts: { calls, logFileRecords, logEvents, busEvents } satisfies FakeAwsCounts });
});

function keyNames(table: keyof typeof TABLE_SCHEMAS): readonly string[] {
  return (TABLE_SCHEMAS[table].KeySchema ?? []).map(({ AttributeName }) => AttributeName ?? "");
}

function putObject(url: string, body: Buffer): { readonly status: number } {
  const key = url.split("?", 1)[0] ?? "";
  if (objects.has(key)) return { status: 412 };
  objects.set(key, body);
  return { status: 200 };
}

function recordsOf(body: Buffer): number {
  return (JSON.parse(gunzipSync(body).toString()) as { Records: readonly unknown[] }).Records.length;
}

function call(service: string, operation: string, input: Json): unknown {
  if (service === "DynamoDB_20120810") return dynamo(operation, input);
  if (operation === "PutLogEvents") {
    logEvents += (input.logEvents as readonly unknown[]).length;
    return {};
  }
  if (operation === "PutEvents") {
    const entries = input.Entries as readonly unknown[];
    busEvents += entries.length;
    return {
      FailedEntryCount: 0,
      Entries: entries.map((_, index) => ({ EventId: `${busEvents}-${index}` })),
    };
  }
  throw new Error(`The fake of AWS does not know ${service}.${operation}`);
}

async function dynamo(operation: string, input: Json): Promise<unknown> {
  if (operation === "BatchGetItem" || operation === "BatchWriteItem") {
    const [name = ""] = Object.keys(input.RequestItems as Json);
    if (name !== HISTORY) return batchGet(name, input);
  } else if (input.TableName !== HISTORY) {
    return write(operation, input);
  }
  const command = HISTORY_COMMANDS[operation]?.(withBytes(input) as never);
  return withBase64(await history.client.send(command as never));
}

function tableOf(name: unknown): DynamoTable {
  const table = tables[name as keyof typeof tables];
  if (table === undefined) throw new Error(`There is no table ${name}`);
  return table;
}

function batchGet(name: string, input: Json): unknown {
  const { Keys } = (input.RequestItems as Record<string, { readonly Keys: readonly Item[] }>)[name] ?? {
    Keys: [],
  };
  return {
    Responses: { [name]: Keys.map((key) => tableOf(name).get(key)).filter(Boolean) },
    UnprocessedKeys: {},
  };
}

function write(operation: string, input: Json): unknown {
  const { TableName, Item: item, Key: key, UpdateExpression: update, ConditionExpression: condition } = input;
  const table = tableOf(TableName);
  const isDone =
    operation === "PutItem"
      ? table.put(item as Item, condition as string | undefined, input)
      : table.update(key as Item, update as string, condition as string | undefined, input);
  if (!isDone) {
    throw new ConditionalCheckFailedException({ message: "The conditional request failed", $metadata: {} });
  }
  return {};
}

/** DynamoDB's JSON has binary values in base64: with bytes in their place. */
function withBytes(value: unknown): unknown {
  return mapBinary(value, (bytes) => (typeof bytes === "string" ? Buffer.from(bytes, "base64") : undefined));
}

function withBase64(value: unknown): unknown {
  return mapBinary(value, (bytes) =>
    bytes instanceof Uint8Array ? Buffer.from(bytes).toString("base64") : undefined,
  );
}

function mapBinary(value: unknown, convert: (bytes: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => mapBinary(one, convert));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      (name === "B" ? convert(member) : undefined) ?? mapBinary(member, convert),
    ]),
  );
}
