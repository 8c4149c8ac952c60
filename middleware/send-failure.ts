/**
 * What to do about a call that failed as a whole: send its events again later; or, where the service takes no such
 * body, in smaller calls. Channels that are not there and rights that are missing count as passing: somebody may
 * make or give them while the events wait.
 */
export interface SendFailure {
  readonly refused: boolean;
  /** Whether there was no answer at all, as from a connection that died while Lambda had the process frozen. */
  readonly unanswered: boolean;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfterMs: number;
}

/** Codes that tell of the body. */
const REFUSALS = new Set([
  "ValidationException",
  "SerializationException",
  "DuplicatedAuditEventId",
  "RequestEntityTooLarge",
  "RequestTooLarge",
]);

/** Entries' codes that may be gone with the next try. */
const PASSING_ENTRY_CODES = new Set(["Throttling", "InternalFailure", "ServiceUnavailable"]);

/** Waits longer than this are not taken from a service, in milliseconds. */
export const LONGEST_RETRY_AFTER = 60_000;

/** Reads what was thrown: an error of ours, of the AWS SDK, or of the network. */
export function sendFailureOf(error: unknown): SendFailure {
  const { code, name, status, retryAfterMs, $metadata } = (
    typeof error === "object" && error !== null ? error : {}
  ) as Readonly<Record<string, unknown>>;
  const http = status ?? (($metadata ?? {}) as Readonly<Record<string, unknown>>).httpStatusCode;
  return {
    refused: REFUSALS.has(String(code)) || REFUSALS.has(String(name)) || http === 413,
    unanswered: typeof http !== "number",
    retryAfterMs: typeof retryAfterMs === "number" ? Math.min(retryAfterMs, LONGEST_RETRY_AFTER) : 0,
  };
}

/** Whether an entry that was answered with a code is worth another try. One without a code is. */
export function passes(entryCode: string | undefined): boolean {
  return entryCode === undefined || PASSING_ENTRY_CODES.has(entryCode);
}
