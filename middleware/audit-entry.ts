import { createHash } from "node:crypto";

/** An entry of PutAuditEvents. */
export interface AuditEvent {
  readonly id: string;
  /** JSON text of an object. */
  readonly eventData: string;
  /** Base64 of the text's SHA-256. */
  readonly eventDataChecksum: string;
}

/** An event that waits to be sent. */
export interface AuditEntry extends AuditEvent {
  /** What it adds to the body of a call. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
}

/** The most that one call takes. */
export const MOST_EVENTS_A_CALL = 100;
const MOST_BYTES_A_CALL = 1_000_000;

/** What stands around the entries in a call's body. */
const ENVELOPE_BYTES = Buffer.byteLength('{"auditEvents":[]}');

/** Makes an entry of an event. @param now milliseconds since the epoch */
export function makeEntry(id: string, eventData: string, now: number): AuditEntry {
  const event = {
    id,
    eventData,
    eventDataChecksum: createHash("sha256").update(eventData).digest("base64"),
  };
  return { ...event, bytes: Buffer.byteLength(JSON.stringify(event)) + 1, recordedAt: now };
}

/** How many of the first entries fit in one call: one at least, if there is one. */
export function callLength(entries: readonly AuditEntry[], mostEvents: number): number {
  let bytes = ENVELOPE_BYTES;
  for (const [index, entry] of entries.entries()) {
    bytes += entry.bytes;
    if (index >= mostEvents || (bytes > MOST_BYTES_A_CALL && index > 0)) return index;
  }
  return entries.length;
}

/** An entry as a call has it. */
export function eventOf({ id, eventData, eventDataChecksum }: AuditEntry): AuditEvent {
  return { id, eventData, eventDataChecksum };
}
