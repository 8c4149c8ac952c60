import { randomUUID } from "node:crypto";
import { parseEventTime } from "../shared/event/event-time.ts";
import type { JsonObject } from "../shared/event/json.ts";
import { benchRecords } from "./records.ts";

/** What of a record is new in every copy. */
const SLOTS =
  /("eventTime": ?")[^"]*|("eventID": ?")[^"]*|("requestID": ?")[^"]*|("accessKeyId": ?"A[SK]IA)[^"]*|("sourceIPAddress": ?")\d[^"]*/g;

/** A record's text, cut where copies differ: an even index is fixed, an odd one is the slot that follows. */
type Template = readonly string[];

/** Management records of the bench's source that a copy can be made of. */
export function historyTemplates(): readonly Template[] {
  return benchRecords(4_500)
    .map((text) => text.toString("utf8"))
    .filter((text) => {
      const { eventCategory, managementEvent, eventTime, eventName } = JSON.parse(text) as JsonObject;
      return (
        (eventCategory ?? "Management") === "Management" &&
        managementEvent !== false &&
        typeof eventName === "string" &&
        typeof eventTime === "string" &&
        parseEventTime(eventTime) !== undefined &&
        text.includes('"eventID"') &&
        text.length < 20_000
      );
    })
    .map(cut);
}

function cut(text: string): Template {
  const pieces: string[] = [];
  let from = 0;
  for (const match of text.matchAll(SLOTS)) {
    const head = match.slice(1).find((group) => group !== undefined) ?? "";
    pieces.push(text.slice(from, match.index + head.length), head.split('"')[1] ?? "");
    from = match.index + match[0].length;
  }
  return [...pieces, text.slice(from)];
}

/** A made event. */
export interface MadeEvent {
  readonly text: Buffer;
  /** Milliseconds since the epoch. */
  readonly eventTime: number;
}

/** A copy of a template: another event, of one of 2,000 keys, from one of 5,000 addresses. */
export function makeEvent(template: Template, eventTime: number): MadeEvent {
  let text = "";
  for (const [index, piece] of template.entries()) {
    text += index % 2 === 0 ? piece : slotValue(piece, eventTime);
  }
  return { text: Buffer.from(text), eventTime };
}

function slotValue(slot: string, eventTime: number): string {
  switch (slot) {
    case "eventTime":
      return `${new Date(eventTime).toISOString().slice(0, 19)}Z`;
    case "accessKeyId":
      return `${String(Math.floor(Math.random() * 2_000)).padStart(9, "0")}EXAMPLE`;
    case "sourceIPAddress": {
      const number = Math.floor(Math.random() * 5_000);
      return `198.51.${number >> 8}.${number & 255}`;
    }
    default:
      return randomUUID();
  }
}
