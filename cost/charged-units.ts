import type { AttributeValue, KeysAndAttributes, WriteRequest } from "@aws-sdk/client-dynamodb";
import { TABLE_SCHEMAS } from "../shared/adapters/aws/tables.ts";
import type { Usage } from "./prices.ts";

/** A call on AWS as it went over the wire, with its answer's body. */
export interface WireCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly answer: Buffer;
}

/** A call that the price list has no rule for: what it costs is not known, which must not pass for nothing. */
export class UnpricedCall extends Error {
  override readonly name = "UnpricedCall";
}

const CHUNK_BYTES = 64 * 1024;
const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

/**
 * What AWS charges for a call, in its own units. DynamoDB's are reckoned from the sizes in request and answer; an update is
 * taken to be as large as what it writes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 * @throws UnpricedCall
 */
export function chargedUnits(call: WireCall): Usage {
  const target = call.headers["x-amz-target"];
  if (target === undefined) return unitsOfQueryOrRest(call);
  const [service = "", operation = ""] = target.split(".");
  const input: unknown = JSON.parse(call.body.toString());
  switch (service) {
    case "DynamoDB_20120810":
      return dynamoUnits(operation, input as DynamoInput, call.answer);
    case "AWSEvents":
      return { "eventbridge.events": chunksOfEntries(input as { Entries?: readonly unknown[] }) };
    case "Logs_20140328":
      return operation === "PutLogEvents" ? { "logs.gb": logBytes(input as LogInput) / 1e9 } : {};
    case "TrentService":
      return { "kms.requests": 1 };
    case "secretsmanager":
      return { "secrets.requests": 1 };
    case "AmazonSQS":
      return { "sqs.requests": chunks(call.body.length) };
    default:
      throw new UnpricedCall(`${target} has no price`);
  }
}

function unitsOfQueryOrRest({ method, path, headers, body }: WireCall): Usage {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    const form = new URLSearchParams(body.toString());
    const action = form.get("Action") ?? "";
    if (action === "PublishBatch" || action === "Publish") return publishUnits(form);
    throw new UnpricedCall(`${action} has no price`);
  }
  if (/\/s3\/aws4_request/.test(headers.authorization ?? "")) {
    return method === "GET" || method === "HEAD"
      ? s3Read(path)
      : { "s3.writes": method === "DELETE" ? 0 : 1 };
  }
  throw new UnpricedCall(`${method} ${path} has no price`);
}

/** A path without a key lists the bucket. */
function s3Read(path: string): Usage {
  const isListing = /^\/[^/]+\/?(\?(?=.*(list-type|prefix)=).*)$/.test(path);
  return isListing ? { "s3.writes": 1 } : { "s3.reads": 1 };
}

/**
 * A call costs what it has of 64 KB, whatever messages they are in; so does handing a message to a queue. It is received and
 * deleted by Lambda, whose calls nobody sees.
 */
function publishUnits(form: URLSearchParams): Usage {
  let published = 0;
  let queued = 0;
  for (const [name, text] of form) {
    if (!/(^|\.)Message$/.test(name)) continue;
    published += Buffer.byteLength(text);
    const prefix = name.slice(0, -"Message".length);
    const destinations = [...form].find(
      ([other, value]) => other.startsWith(`${prefix}MessageAttributes.`) && value.startsWith("["),
    );
    queued += chunks(Buffer.byteLength(text)) * (JSON.parse(destinations?.[1] ?? "[]") as unknown[]).length;
  }
  return { "sns.requests": chunks(published), "sqs.requests": queued };
}

function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

function chunksOfEntries({ Entries = [] }: { Entries?: readonly unknown[] }): number {
  return Entries.reduce<number>((sum, entry) => sum + chunks(Buffer.byteLength(JSON.stringify(entry))), 0);
}

interface LogInput {
  readonly logEvents?: readonly { readonly message: string }[];
}

/** CloudWatch Logs counts a message's bytes and 26 more. */
function logBytes({ logEvents = [] }: LogInput): number {
  return logEvents.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0);
}

type Item = Readonly<Record<string, AttributeValue>>;

interface DynamoInput {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConsistentRead?: boolean;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly RequestItems?: Readonly<Record<string, readonly WriteRequest[] | KeysAndAttributes>>;
  readonly TransactItems?: readonly Readonly<Record<string, DynamoInput>>[];
}

function dynamoUnits(operation: string, input: DynamoInput, answer: Buffer): Usage {
  switch (operation) {
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
      return { "dynamodb.writeUnits": writeUnits(input) };
    case "BatchWriteItem":
      return { "dynamodb.writeUnits": batchWriteUnits(input) };
    case "TransactWriteItems":
      return {
        "dynamodb.writeUnits": 2 * sum((input.TransactItems ?? []).flatMap(Object.values).map(writeUnits)),
      };
    case "Scan":
    case "GetItem":
    case "Query":
      return { "dynamodb.readUnits": readUnits(answer, input.ConsistentRead === true) };
    case "BatchGetItem":
      return { "dynamodb.readUnits": batchReadUnits(input, answer) };
    default:
      throw new UnpricedCall(`DynamoDB's ${operation} has no price`);
  }
}

function writeUnits(input: DynamoInput): number {
  const bytes = sizeOf(input.Item) + sizeOf(input.Key) + sizeOf(input.ExpressionAttributeValues);
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES)) + indexWrites(input);
}

/** A write that names an attribute of an index's key writes to that index too. */
function indexWrites({ TableName = "", Item: item = {}, ...input }: DynamoInput): number {
  const update = Object.entries(input.ExpressionAttributeNames ?? {}).reduce(
    (text, [name, attribute]) => text.replaceAll(name, attribute),
    input.UpdateExpression ?? "",
  );
  const named = new Set([...Object.keys(item), ...(update.match(/\w+/g) ?? [])]);
  const schema = Object.entries(TABLE_SCHEMAS).find(([table]) =>
    TableName.toLowerCase().endsWith(table.toLowerCase()),
  );
  const indexes = schema?.[1].GlobalSecondaryIndexes ?? [];
  return indexes.filter(({ KeySchema }) =>
    KeySchema?.some(({ KeyType, AttributeName = "" }) => KeyType === "HASH" && named.has(AttributeName)),
  ).length;
}

function batchWriteUnits({ RequestItems = {} }: DynamoInput): number {
  const units = Object.entries(RequestItems).map(([TableName, requests]) =>
    sum(
      (requests as readonly WriteRequest[]).map(({ PutRequest, DeleteRequest }) =>
        writeUnits({ TableName, Item: PutRequest?.Item ?? {}, Key: DeleteRequest?.Key ?? {} }),
      ),
    ),
  );
  return sum(units);
}

function batchReadUnits({ RequestItems = {} }: DynamoInput, answer: Buffer): number {
  const requests = Object.values(RequestItems) as readonly KeysAndAttributes[];
  const asked = sum(requests.map(({ Keys = [] }) => Keys.length));
  const isConsistent = requests.some(({ ConsistentRead }) => ConsistentRead === true);
  // Each item is rounded up by itself: at least a unit for each that was asked for.
  return Math.max(asked * (isConsistent ? 1 : 0.5), readUnits(answer, isConsistent));
}

/** The answer's JSON is larger than what is charged: binaries are in base64, and names and types are spelled out. */
function readUnits(answer: Buffer, isConsistent: boolean): number {
  return Math.max(1, Math.ceil(answer.length / READ_UNIT_BYTES)) * (isConsistent ? 1 : 0.5);
}

/** Names and values, as on the wire: a binary is in base64 there. */
function sizeOf(item: Item | undefined): number {
  return sum(
    Object.entries(item ?? {}).map(([name, { S, N, B }]) => {
      const binary = B === undefined ? 0 : Math.ceil((String(B).length * 3) / 4);
      return (
        name.length +
        Buffer.byteLength(S ?? "") +
        binary +
        (N === undefined ? 0 : 1 + Math.ceil(N.length / 2))
      );
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
