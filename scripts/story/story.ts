import type { JsonObject } from "../../shared/event/json.ts";
import { ordinaryWork } from "./chapters/1-ordinary-work.ts";
import { leakedKey } from "./chapters/2-leaked-key.ts";
import { foothold } from "./chapters/3-foothold.ts";
import { roleChain } from "./chapters/4-role-chain.ts";
import { compute } from "./chapters/5-compute.ts";
import { data } from "./chapters/6-data.ts";
import { consoleSignIn } from "./chapters/7-console.ts";
import { theTrail } from "./chapters/8-the-trail.ts";
import { recordsOf } from "./record.ts";
import { eventBridgeEvent, putAuditEventsBody, stopLoggingRecord } from "./samples.ts";

const CHAPTERS = [ordinaryWork, leakedKey, foothold, roleChain, compute, data, consoleSignIn, theTrail];

/** A file under `events/`. */
export interface StoryFile {
  readonly path: string;
  readonly text: string;
}

/** Every generated file: a chapter a file, a record a line, and a sample of what each later hop is given. */
export function storyFiles(): readonly StoryFile[] {
  const signIns = recordsOf(consoleSignIn).filter(({ eventName }) => eventName === "ConsoleLogin");
  return [
    ...CHAPTERS.map((chapter) => ({
      path: `1-ingest/story/${chapter.name}.jsonl`,
      text: recordsOf(chapter)
        .map((record) => `${JSON.stringify(record)}\n`)
        .join(""),
    })),
    { path: "1-ingest/put-audit-events.json", text: pretty(putAuditEventsBody()) },
    { path: "3-event-bus/console-sign-in.json", text: pretty(eventBridgeEvent(signIns.at(-1) ?? {})) },
    { path: "4-remediate/stop-logging.json", text: pretty(eventBridgeEvent(stopLoggingRecord())) },
  ];
}

function pretty(value: JsonObject): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
