import type { JsonObject } from "./json.ts";

/**
 * What kind of log file a record belongs in. Management and data events are never in one file; Insights,
 * network activity and aggregated events have folders of their own; events of applications
 * (`ActivityAuditLog`, PutAuditEvents) are kept apart from AWS's.
 */
export type RecordKind = "management" | "data" | "insight" | "network-activity" | "aggregated" | "activity";

/** A record that was accepted: the text that a log file will hold, and what routing reads of it. */
export interface ActivityRecord {
  /** JSON text in UTF-8, byte for byte as it came, except for members that had to be added at its end. */
  readonly text: Buffer;
  /** The text, parsed. */
  readonly fields: JsonObject;
  readonly kind: RecordKind;
  /** Milliseconds since the epoch. */
  readonly eventTime: number;
  readonly awsRegion: string;
  /** Decides the log file's path and nothing else. */
  readonly recipientAccountId: string;
}

/**
 * The members of a record that routing, patterns and lookups read. They are the record's own, except in an
 * `ActivityAuditLog` record, whose source, name and identity stand in `eventData`.
 */
export function describedEvent(fields: JsonObject): JsonObject {
  const { eventData } = fields;
  return fields.eventCategory === "ActivityAuditLog" && typeof eventData === "object" && eventData !== null
    ? (eventData as JsonObject)
    : fields;
}
