import { EXPORT_FORMATS, type ExportFormatName } from "../history/export-formats.ts";
import { FacetCounter } from "../history/facets.ts";
import type { History } from "../history/history.ts";
import { lookupEvent } from "../history/lookup-event.ts";
import { pageToken, readPageToken } from "../history/page-token.ts";
import type { Cursor, FoundEvent } from "../history/query.ts";
import { type EventSearch, InvalidSearch, readEventSearch } from "./event-search.ts";
import { type EventCounts, type EventList, NEXT_TOKEN_HEADER } from "./events.ts";
import type { ApiResponse, Service } from "./http.ts";
import { json, problem } from "./json-answer.ts";

/** Events that an export or a count reads at once. */
const EVENTS_PER_STEP = 512;

/** Events that are counted at most: more would hold up the others who ask. */
const MOST_COUNTED = 20_000;

/** Records that one page looks at, at most: free text may be in none of them. */
const MOST_READ = 20_000;

/** What the page reads. */
export type SearchableHistory = Pick<History, "find" | "tokenSecret">;

/**
 * `GET /_opentrail/events`: events of the history by any number of attributes, text, times and categories; a page of
 * them, counts by attribute, or the whole result as a file. `docs/history.md` has its parameters.
 */
export function makeEventPages(history: SearchableHistory): Service {
  return async (request, caller) => {
    let search: EventSearch;
    try {
      search = readEventSearch(request.query, caller);
    } catch (error) {
      if (error instanceof InvalidSearch) {
        return problem(400, "InvalidSearch", error.message);
      }
      throw error;
    }
    const { format, isPage, counts } = search;
    if (format !== undefined && !isPage) {
      return exportResult(history, search, format);
    }
    return format === undefined && counts.length > 0 ? countResult(history, search) : page(history, search);
  };
}

async function page(history: SearchableHistory, search: EventSearch): Promise<ApiResponse> {
  const secret = await history.tokenSecret();
  const { nextToken, bound, limit, format } = search;
  const after = nextToken === undefined ? undefined : readPageToken(secret, bound, nextToken);
  if (nextToken !== undefined && after === undefined) {
    return problem(400, "InvalidNextToken", "nextToken is not valid, or was answered to another search");
  }
  const { events, next } = await history.find(search.partitions, search.query, {
    limit,
    mostRead: MOST_READ,
    ...(after && { after }),
  });
  const token = next && pageToken(secret, bound, next);
  if (format === undefined) {
    const list: EventList = { events: events.map(lookupEvent), nextToken: token ?? null };
    return json(200, list);
  }
  const { head, separator, tail, event: write } = EXPORT_FORMATS[format];
  return {
    status: 200,
    headers: { ...exportHeaders(format), ...(token !== undefined && { [NEXT_TOKEN_HEADER]: token }) },
    body: head + events.map(write).join(separator) + tail,
  };
}

async function countResult(history: SearchableHistory, search: EventSearch): Promise<ApiResponse> {
  const counter = new FacetCounter(search.counts);
  let isComplete = true;
  for await (const event of wholeResult(history, search)) {
    if (counter.events === MOST_COUNTED) {
      isComplete = false;
      break;
    }
    counter.add(event);
  }
  const answer: EventCounts = { events: counter.events, isComplete, counts: counter.result() };
  return json(200, answer);
}

function exportResult(history: SearchableHistory, search: EventSearch, name: ExportFormatName): ApiResponse {
  return {
    status: 200,
    headers: exportHeaders(name),
    body: written(wholeResult(history, search), name),
  };
}

function exportHeaders(name: ExportFormatName): Readonly<Record<string, string>> {
  return {
    "content-type": EXPORT_FORMATS[name].contentType,
    "content-disposition": `attachment; filename="event_history.${name}"`,
  };
}

async function* written(
  events: AsyncIterable<FoundEvent>,
  name: ExportFormatName,
): AsyncGenerator<Uint8Array> {
  const { head, separator, tail, event: write } = EXPORT_FORMATS[name];
  let gathered = head;
  let isFirst = true;
  for await (const event of events) {
    gathered += (isFirst ? "" : separator) + write(event);
    isFirst = false;
    if (gathered.length > 64 * 1024) {
      yield Buffer.from(gathered);
      gathered = "";
    }
  }
  yield Buffer.from(gathered + tail);
}

/** All events of a result, read step by step. What arrives meanwhile and is newer does not come. */
async function* wholeResult(
  history: SearchableHistory,
  { partitions, query }: EventSearch,
): AsyncGenerator<FoundEvent> {
  let after: Cursor | undefined;
  do {
    const { events, next } = await history.find(partitions, query, {
      limit: EVENTS_PER_STEP,
      mostRead: MOST_READ,
      ...(after && { after }),
    });
    yield* events;
    after = next;
  } while (after !== undefined);
}
