import type { JsonObject } from "../event/json.ts";

/** A message that its queue gave up on, without its body. */
export interface DeadLetterSummary {
  readonly id: string;
  /** The queue that gave up: `log-files`, `log-groups`, `event-bus`, `rule-targets`, `webhooks`… */
  readonly queue: string;
  /** When the message was first sent, ISO 8601. */
  readonly sentAt: string;
  readonly receiveCount: number;
  /** What the last attempt failed with; null where the store keeps none. */
  readonly reason: string | null;
  /** Of the message's body. */
  readonly bytes: number;
}

/** The answer to `GET /_opentrail/dead-letters?queue=&limit=`. */
export interface DeadLetterList {
  /** Oldest first, of all queues or of the one that was asked for. */
  readonly deadLetters: readonly DeadLetterSummary[];
  /** How many there are, those beyond the limit included. */
  readonly total: number;
}

/** What a dead letter carries. */
export interface DeadLetterBlock {
  readonly id: string;
  /** ISO 8601. */
  readonly acceptedAt: string;
  readonly accountId: string;
  /** ARNs of the trails that the block is routed to. */
  readonly trailArns: readonly string[];
  readonly records: number;
  /** The first few records; none where they are another account's than the caller's, whose key may not import. */
  readonly firstRecords: readonly JsonObject[];
}

/** The answer to `GET /_opentrail/dead-letters/{id}`. 404 where there is none with that id. */
export interface DeadLetterDetail extends DeadLetterSummary {
  /** Null when the body cannot be decoded. */
  readonly block: DeadLetterBlock | null;
}

/** The body of `POST /_opentrail/dead-letters/send-again`. */
export type SendAgainRequest = { readonly ids: readonly string[] } | { readonly all: true };

/** Its answer. */
export interface SendAgainReport {
  readonly sentAgain: number;
  /** Those of the named ids that are no dead letters. */
  readonly notFound: readonly string[];
  /** Where all were asked for: how many dead letters there are still, when the time for one answer was over. */
  readonly left?: number;
}
