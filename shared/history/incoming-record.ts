import type { JsonObject } from "../event/json.ts";
import { attributeHash, attributeHashes } from "./attribute-hash.ts";
import { eventAttributes } from "./event-attributes.ts";

/** A record on its way into the index. */
export interface IncomingRecord {
  /** JSON text. */
  readonly text: Buffer;
  /** Milliseconds since the epoch. */
  readonly eventTime: number;
  readonly eventId: string;
  readonly eventIdHash: number;
  /** Of all its attributes, that of the eventID too. */
  readonly hashes: readonly number[];
}

/** Reads off a record what it is found by. */
export function incomingRecord(text: Buffer, eventTime: number): IncomingRecord {
  const fields = JSON.parse(text.toString("utf8")) as JsonObject;
  const eventId = typeof fields.eventID === "string" ? fields.eventID : "";
  return {
    text,
    eventTime,
    eventId,
    eventIdHash: attributeHash("EventId", eventId),
    hashes: attributeHashes(eventAttributes(fields)),
  };
}
