import type { JsonObject } from "../event/json.ts";
import { type AttributeName, attributeValues } from "./event-attributes.ts";

/** An attribute and the values that will do: any one of them. */
export interface AttributeCondition {
  readonly attribute: AttributeName;
  readonly values: readonly string[];
}

/** Which events are asked for, and in which order. */
export interface HistoryQuery {
  /** All must hold. */
  readonly conditions: readonly AttributeCondition[];
  /** Milliseconds since the epoch, included. */
  readonly startTime?: number;
  readonly endTime?: number;
  /** Occurs in the record's text, whatever its case. */
  readonly text?: string;
  /** Default: newest first. */
  readonly oldestFirst?: boolean;
}

/** A place in the order of events: that of the last one that was answered. */
export interface Cursor {
  readonly time: number;
  /** Index among the partitions that are searched. */
  readonly partition: number;
  readonly position: number;
}

/** An event that a search found. */
export interface FoundEvent extends Cursor {
  /** The record as it came. */
  readonly text: Buffer;
  readonly fields: JsonObject;
}

/** Whether a record is what a query asks for, judged by the record itself. */
export function matchesQuery(query: HistoryQuery, time: number, fields: JsonObject, text: Buffer): boolean {
  const { startTime = Number.NEGATIVE_INFINITY, endTime = Number.POSITIVE_INFINITY } = query;
  return (
    time >= startTime &&
    time <= endTime &&
    query.conditions.every(({ attribute, values }) =>
      attributeValues(fields, attribute).some((value) => values.includes(value)),
    ) &&
    (query.text === undefined || text.toString("utf8").toLowerCase().includes(query.text.toLowerCase()))
  );
}

/** Orders places as a query asks for them. Negative: the first one comes first. */
export function compareInOrder(one: Cursor, other: Cursor, oldestFirst: boolean): number {
  const difference =
    one.time - other.time || one.partition - other.partition || one.position - other.position;
  return oldestFirst ? difference : -difference;
}
