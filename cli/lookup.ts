import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import type { EventList } from "../shared/api/events.ts";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import type { LookupEvent } from "../shared/history/lookup-event.ts";
import { type Endpoint, getJson } from "./endpoint-client.ts";
import { addEventFilters, type EventFilters, searchParameters } from "./event-filters.ts";
import { formatTable, printable } from "./format.ts";
import { endpointOption, flag, jsonOption, option, regionOption, wholeNumber } from "./options.ts";

interface LookupOptions extends EventFilters {
  readonly limit: number;
  readonly follow: boolean;
  readonly json: boolean;
  readonly endpoint: string;
  readonly region: string;
}

/** How often `--follow` asks. */
const FOLLOW_MS = 1_000;

/** How late an event may come and still be shown by `--follow`. */
const FOLLOWED_MS = 15 * 60_000;

/** Events of one page while following. */
const FOLLOW_PAGE = 1_000;

/** `opentrail lookup`. */
export function lookupCommand(): Command {
  const command = new Command("lookup")
    .description("look up events in the event history, newest first")
    .addOption(option("--limit <count>", "events at most").default(50).argParser(wholeNumber(1, 1_000)))
    .addOption(flag("--follow", "then show events as they come in"))
    .addOption(jsonOption())
    .addOption(endpointOption())
    .addOption(regionOption());
  return addEventFilters(command).action(lookup);
}

async function lookup(options: LookupOptions): Promise<void> {
  const endpoint: Endpoint = {
    url: options.endpoint,
    region: options.region,
    keys: signingKeysFrom(process.env),
  };
  const parameters = searchParameters(options, options.region);
  parameters.set("limit", String(options.limit));
  const list = await getJson<EventList>(endpoint, `/_opentrail/events?${parameters}`);
  if (options.follow) {
    await follow(endpoint, options, [...list.events].reverse());
  } else if (options.json) {
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
  } else {
    process.stdout.write(formatEvents(list));
  }
}

/** The events as a table for a terminal. */
export function formatEvents({ events, nextToken }: EventList): string {
  if (events.length === 0) {
    return "No events.\n";
  }
  const table = formatTable(["time", "user", "event", "source", "resource", "error"], events.map(eventRow));
  return `${table}\n${nextToken === null ? "" : "There are more: see --limit, --start, --end and opentrail export.\n"}`;
}

function eventRow(event: LookupEvent): readonly string[] {
  const { errorCode } = JSON.parse(event.CloudTrailEvent) as { readonly errorCode?: unknown };
  const [resource] = event.Resources;
  const more = event.Resources.length - 1;
  return [
    new Date(event.EventTime * 1000).toISOString().replace(".000", ""),
    event.Username ?? "-",
    event.EventName ?? "-",
    event.EventSource?.replace(/\.amazonaws\.com$/, "") ?? "-",
    resource === undefined ? "-" : `${resource.ResourceName}${more > 0 ? ` (+${more})` : ""}`,
    typeof errorCode === "string" ? errorCode : "-",
  ].map(printable);
}

/** Shows events in the order in which they are seen, until the process is stopped. */
async function follow(
  endpoint: Endpoint,
  options: LookupOptions,
  first: readonly LookupEvent[],
): Promise<never> {
  const shown = new Map<string, number>();
  show(first);
  for (;;) {
    await sleep(FOLLOW_MS);
    const since = Date.now() - FOLLOWED_MS;
    const parameters = searchParameters({ ...options, start: new Date(since).toISOString() }, options.region);
    parameters.delete("end");
    parameters.set("order", "newest");
    parameters.set("limit", String(FOLLOW_PAGE));
    const { events } = await getJson<EventList>(endpoint, `/_opentrail/events?${parameters}`);
    show([...events].reverse());
    for (const [id, time] of shown) {
      if (time * 1000 < since) {
        shown.delete(id);
      }
    }
  }

  function show(events: readonly LookupEvent[]): void {
    for (const event of events) {
      const id = event.EventId ?? event.CloudTrailEvent;
      if (!shown.has(id)) {
        shown.set(id, event.EventTime);
        process.stdout.write(options.json ? `${JSON.stringify(event)}\n` : `${eventRow(event).join("  ")}\n`);
      }
    }
  }
}
