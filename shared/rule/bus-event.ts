import type { EventEntry } from "../ports/event-bus.ts";

/**
 * The event that rules match and targets get of a PutEvents entry, as JSON text: the entry's detail stands in
 * it as it is. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export function busEvent(entry: EventEntry, id: string): string {
  const head = JSON.stringify({
    version: "0",
    id,
    "detail-type": entry.detailType,
    source: entry.source,
    account: entry.accountId,
    time: new Date(entry.time).toISOString().replace(/\.\d+/, ""),
    region: entry.region,
    resources: entry.resources ?? [],
  });
  return `${head.slice(0, -1)},"detail":${entry.detail}}`;
}
