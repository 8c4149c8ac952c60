import { unpackBlock } from "../event/block-codec.ts";
import { isJsonObject, type JsonObject } from "../event/json.ts";
import type { DeadLetter, DeadLetters } from "../ports/message-queue.ts";
import type {
  DeadLetterBlock,
  DeadLetterDetail,
  DeadLetterList,
  DeadLetterSummary,
  SendAgainReport,
} from "./dead-letters.ts";
import type { ApiRequest, ApiResponse, Caller, Service } from "./http.ts";
import { json, problem } from "./json-answer.ts";

const ROOT = "/_opentrail/dead-letters";
const DEFAULT_LIMIT = 100;
const SHOWN_RECORDS = 3;

/** For how long letters are sent again: clients wait for the answer, and a function ends after half a minute. */
const SENDING_MS = 15_000;

/**
 * `GET /_opentrail/dead-letters?queue=&limit=`, `GET /_opentrail/dead-letters/{id}` and
 * `POST /_opentrail/dead-letters/send-again`: what the queues gave up on, and how it is sent again.
 */
export function makeDeadLetterPages(deadLetters: DeadLetters): Service {
  return async (request, caller) => {
    if (request.method === "POST" && request.path === `${ROOT}/send-again`) {
      return sendAgain(deadLetters, request.body);
    }
    if (request.method !== "GET") {
      return problem(405, "MethodNotAllowed", `${request.method} is not answered here`, { allow: "GET" });
    }
    return request.path === ROOT
      ? list(deadLetters, request)
      : show(deadLetters, decode(request.path.slice(ROOT.length + 1)), caller);
  };
}

/** A text that is not percent-encoded UTF-8 names no letter, and is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function list(deadLetters: DeadLetters, { query }: ApiRequest): Promise<ApiResponse> {
  const limit = Number(query.get("limit") ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1) {
    return problem(400, "InvalidLimit", "limit must be a whole number from 1");
  }
  const queue = query.get("queue") ?? undefined;
  const counts = await deadLetters.countByQueue();
  const letters = await deadLetters.list(limit, queue);
  const answer: DeadLetterList = {
    deadLetters: letters.map(summary),
    total:
      queue === undefined
        ? [...counts.values()].reduce((sum, count) => sum + count, 0)
        : (counts.get(queue) ?? 0),
  };
  return json(200, answer);
}

async function show(deadLetters: DeadLetters, id: string, caller: Caller): Promise<ApiResponse> {
  const letter = await deadLetters.get(id);
  if (letter === undefined) {
    return problem(404, "DeadLetterNotFound", `There is no dead letter ${id}`);
  }
  const answer: DeadLetterDetail = { ...summary(letter), block: await describeBlock(letter.body, caller) };
  return json(200, answer);
}

async function sendAgain(deadLetters: DeadLetters, body: Buffer): Promise<ApiResponse> {
  const request = parse(body);
  if (request?.all === true) {
    const sent = await deadLetters.sendAllAgain(SENDING_MS);
    const left = await deadLetters.count();
    return json(200, { sentAgain: sent, notFound: [], left } satisfies SendAgainReport);
  }
  const ids = request?.ids;
  if (!isTextList(ids)) {
    return problem(400, "InvalidRequest", 'The body must be {"ids":["…"]} or {"all":true}');
  }
  const named = new Set(ids);
  const found = new Set(await deadLetters.sendAgain([...named]));
  const notFound = [...named].filter((id) => !found.has(id));
  return json(200, { sentAgain: found.size, notFound } satisfies SendAgainReport);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function parse(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function summary(letter: DeadLetter): DeadLetterSummary {
  return {
    id: letter.id,
    queue: letter.queue,
    sentAt: new Date(letter.sentAt).toISOString(),
    receiveCount: letter.receiveCount,
    reason: letter.reason ?? null,
    bytes: letter.body.length,
  };
}

/**
 * What the letter carries; null where it cannot be decoded, which may be why it is dead. Everybody who has a key may look after
 * the queues; what is in another account's records is for keys that may import them.
 */
async function describeBlock(
  body: Buffer,
  { accountId, mayImport }: Caller,
): Promise<DeadLetterBlock | null> {
  try {
    const block = await unpackBlock(body);
    const mayRead = mayImport || block.accountId === accountId;
    const records: unknown = mayRead ? JSON.parse(`[${block.text.toString("utf8")}]`) : [];
    return {
      id: block.id,
      acceptedAt: new Date(block.acceptedAt).toISOString(),
      accountId: block.accountId,
      trailArns: block.trails.map(({ destination }) => destination.trailArn),
      records: block.lengths.length,
      firstRecords: (records as JsonObject[]).slice(0, SHOWN_RECORDS),
    };
  } catch {
    return null;
  }
}
