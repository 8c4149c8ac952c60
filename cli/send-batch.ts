import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { BulkReport } from "../shared/api/records.ts";
import type { Rejection } from "../shared/ingest/ingest.ts";
import { bulkBody, type OutgoingRecord } from "./batch-records.ts";
import { CommandFailure, describeError, errorCode } from "./command-failure.ts";
import { type Answer, type Endpoint, messageOf, noServerMessage, send } from "./endpoint-client.ts";

const compress = promisify(gzip);

/** How often and how long to try again. Times in milliseconds. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Before the second attempt; doubled before each further one. */
  readonly firstDelay: number;
  readonly longestDelay: number;
}

/** Waits for about a minute and a half in all: long enough for a server to be started again. */
export const RETRY_POLICY: RetryPolicy = { attempts: 12, firstDelay: 200, longestDelay: 15_000 };

/** Answers that mean "later": everything else is final. */
const PASSING = new Set([429, 500, 502, 503, 504]);

/**
 * Sends records in one bulk call, and again while the server is not ready or the connection breaks. A call whose
 * answer was lost may have been accepted: its records then arrive twice, with the same eventID where they have
 * one. Where the server refuses the whole body (400, 413), its halves are sent by themselves, so that one bad
 * record costs no others.
 * @param reached whether the server has answered before: a first connection that is refused is final
 * @throws CommandFailure when the records could be neither accepted nor rejected
 */
export async function sendBatch(
  endpoint: Endpoint,
  records: readonly OutgoingRecord[],
  reached: () => boolean,
  policy: RetryPolicy,
): Promise<BulkReport> {
  const body = bulkBody(records);
  const answer = await postRecords(endpoint, "/_opentrail/records", body, reached, policy);
  if (answer.status === 200) {
    return readReport(endpoint, answer, records.length);
  }
  if (answer.status !== 400 && answer.status !== 413) {
    throw new CommandFailure(`${endpoint.url} answered ${answer.status}: ${messageOf(answer)}`);
  }
  if (records.length === 1) {
    const code = answer.status === 413 ? "FieldTooLong" : "InvalidData";
    return { accepted: 0, rejected: [{ index: 0, code, message: messageOf(answer) }] };
  }
  const middle = records.length >> 1;
  const left = await sendBatch(endpoint, records.slice(0, middle), reached, policy);
  const right = await sendBatch(endpoint, records.slice(middle), reached, policy);
  const moved = right.rejected.map((rejection) => ({ ...rejection, index: rejection.index + middle }));
  return { accepted: left.accepted + right.accepted, rejected: [...left.rejected, ...moved] };
}

/** Posts a body of records, compressed. @see untilAnswered */
export async function postRecords(
  endpoint: Endpoint,
  path: string,
  records: Buffer,
  reached: () => boolean,
  policy: RetryPolicy,
): Promise<Answer> {
  const body = await compress(records, { level: 1 });
  const headers = { "content-type": "application/x-ndjson", "content-encoding": "gzip" };
  return untilAnswered(endpoint, () => send(endpoint, "POST", path, headers, body), reached, policy);
}

/**
 * Sends a request, and again while the server is not ready or the connection breaks.
 * @param reached whether the server has answered before: a first connection that is refused is final
 * @throws CommandFailure when there is no answer
 */
export async function untilAnswered(
  endpoint: Endpoint,
  request: () => Promise<Answer>,
  reached: () => boolean,
  policy: RetryPolicy,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= policy.attempts;
    let delay =
      Math.min(policy.firstDelay * 2 ** (attempt - 1), policy.longestDelay) * (0.5 + Math.random() / 2);
    try {
      const answer = await request();
      if (!PASSING.has(answer.status) || last) {
        return answer;
      }
      delay = Math.max(delay, retryAfter(answer, policy));
    } catch (cause) {
      const code = errorCode(cause);
      if (code === "ECONNREFUSED" && !reached()) {
        throw new CommandFailure(noServerMessage(endpoint), { cause });
      }
      if (code === undefined || (code === "ENOTFOUND" && !reached())) {
        throw new CommandFailure(`${endpoint.url} cannot be reached: ${describeError(cause)}`, { cause });
      }
      if (last) {
        throw new CommandFailure(
          `The connection to ${endpoint.url} broke ${attempt} times: ${describeError(cause)}`,
          { cause },
        );
      }
    }
    await sleep(delay);
  }
}

/** Retry-After in seconds, as OpenTrail sends it, no longer than the longest delay. */
function retryAfter(answer: Answer, policy: RetryPolicy): number {
  const seconds = Number(answer.headers.get("retry-after"));
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, policy.longestDelay) : 0;
}

function readReport(endpoint: Endpoint, answer: Answer, sent: number): BulkReport {
  let report: Partial<BulkReport> | undefined;
  try {
    report = JSON.parse(answer.text) as Partial<BulkReport>;
  } catch {
    // Whatever answered, it was not OpenTrail's bulk call.
  }
  const rejected: readonly Rejection[] | undefined = report?.rejected;
  if (typeof report?.accepted !== "number" || !Array.isArray(rejected)) {
    throw new CommandFailure(`What answers at ${endpoint.url} is no OpenTrail server.`);
  }
  if (report.accepted + rejected.length !== sent) {
    throw new CommandFailure(
      `${endpoint.url} accounts for ${report.accepted + rejected.length} of ${sent} records.`,
    );
  }
  return { accepted: report.accepted, rejected };
}
