import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryOrderedStore } from "../../../shared/adapters/memory/ordered-store.ts";
import { makeEventPages } from "../../../shared/api/event-pages.ts";
import { type EventCounts, type EventList, NEXT_TOKEN_HEADER } from "../../../shared/api/events.ts";
import { EXPORT_FORMATS } from "../../../shared/history/export-formats.ts";
import { History } from "../../../shared/history/history.ts";
import { incomingRecord } from "../../../shared/history/incoming-record.ts";
import type { HistoryCategory } from "../../../shared/history/spaces.ts";
import { testCaller } from "../../support/service-server.ts";

const NOW = Date.UTC(2026, 0, 31);
const clock = new MemoryClock(NOW);

let history: History;
let texts: string[];

async function add(name: string, user: string, minutesAgo: number, more: object = {}): Promise<void> {
  const {
    category = "management",
    region = "us-east-1",
    ...fields
  } = more as {
    readonly category?: HistoryCategory;
    readonly region?: string;
  };
  const eventTime = NOW - minutesAgo * 60_000;
  const text = JSON.stringify({
    eventID: `event-${texts.length}`,
    eventTime: new Date(eventTime).toISOString(),
    eventSource: "iam.amazonaws.com",
    eventName: name,
    awsRegion: region,
    userIdentity: { type: "IAMUser", userName: user },
    ...fields,
  });
  texts.push(text);
  const partition = { accountId: "111122223333", region, category };
  await history.append(partition, [incomingRecord(Buffer.from(text), eventTime)], NOW);
}

async function get(query: string, caller: object = {}) {
  const response = await makeEventPages(history)(
    {
      method: "GET",
      path: "/_opentrail/events",
      query: new URLSearchParams(query),
      headers: {},
      body: Buffer.alloc(0),
    },
    { ...testCaller, requestId: "", ...caller },
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of typeof response.body === "string"
    ? [Buffer.from(response.body)]
    : response.body) {
    chunks.push(Buffer.from(chunk as Uint8Array));
  }
  return { ...response, text: Buffer.concat(chunks).toString() };
}

async function ids(query: string): Promise<readonly (string | undefined)[]> {
  const { text } = await get(query);
  return (JSON.parse(text) as EventList).events.map(({ EventId }) => EventId);
}

describe("GET /_opentrail/events", () => {
  beforeEach(async () => {
    history = new History(new MemoryOrderedStore(), clock, { retention: 90 * 86_400_000, isExclusive: true });
    texts = [];
    await add("CreateUser", "alice", 4);
    await add("DeleteUser", "alice", 3);
    await add("CreateUser", "bob", 2, {
      userAgent: 'a "quoted", text',
      requestParameters: { userName: "Eve" },
    });
    await add("GetUser", "alice", 1, { userAgent: "=cmd|' /C calc'!A0", readOnly: true });
    await add("GetObject", "alice", 1, { category: "data" });
    await add("CreateUser", "carol", 5, { region: "eu-west-1" });
  });

  test("several attributes must all hold, and of several values of one any will do", async () => {
    expect(await ids("EventName=CreateUser&EventName=GetUser&Username=alice")).toEqual([
      "event-3",
      "event-0",
    ]);
  });

  test("times are bounds that are included, as ISO 8601 or in seconds", async () => {
    const start = new Date(NOW - 3 * 60_000).toISOString();
    const end = NOW / 1000 - 2 * 60;

    expect(await ids(`start=${start}&end=${end}`)).toEqual(["event-2", "event-1"]);
  });

  test("text is looked for in the whole record, whatever its case", async () => {
    expect(await ids("text=EVE%22")).toEqual(["event-2"]);
  });

  test("the oldest come first where that is asked for", async () => {
    expect(await ids("order=oldest")).toEqual(["event-0", "event-1", "event-2", "event-3"]);
  });

  test("categories and regions are searched together where several are named", async () => {
    expect(await ids("category=data")).toEqual(["event-4"]);
    expect(await ids("category=management&category=data&region=us-east-1&region=eu-west-1")).toHaveLength(6);
  });

  test("a page's token leads through the whole result, and is refused for another search", async () => {
    const pages: (string | undefined)[] = [];
    let token: string | null = null;
    let first: string | null = null;
    do {
      const { text } = await get(`limit=1&${token === null ? "" : `nextToken=${token}`}`);
      const { events, nextToken } = JSON.parse(text) as EventList;
      pages.push(...events.map(({ EventId }) => EventId));
      token = nextToken;
      first ??= nextToken;
    } while (token !== null);

    expect(pages).toEqual(["event-3", "event-2", "event-1", "event-0"]);
    expect(await get(`Username=alice&nextToken=${first}`)).toMatchObject({ status: 400 });
  });

  test("values are counted, the most frequent first", async () => {
    const { text } = await get("counts=EventName,Username&counts=ReadOnly");

    const answer = JSON.parse(text) as EventCounts;
    expect(answer).toMatchObject({ events: 4, isComplete: true });
    expect(answer.counts).toEqual({
      EventName: [
        { value: "CreateUser", count: 2 },
        { value: "DeleteUser", count: 1 },
        { value: "GetUser", count: 1 },
      ],
      Username: [
        { value: "alice", count: 3 },
        { value: "bob", count: 1 },
      ],
      ReadOnly: [
        { value: "false", count: 3 },
        { value: "true", count: 1 },
      ],
    });
  });

  test("an export as NDJSON has each record as it came, a line each", async () => {
    const { headers, text } = await get("format=ndjson&order=oldest");

    expect(headers["content-type"]).toBe("application/x-ndjson");
    expect(text).toBe(
      texts
        .slice(0, 4)
        .map((line) => `${line}\n`)
        .join(""),
    );
  });

  test("an export as JSON is {Records}, also of nothing", async () => {
    const all = await get("format=json&order=oldest");
    const none = await get("format=json&Username=nobody");

    expect(JSON.parse(all.text)).toEqual({ Records: texts.slice(0, 4).map((text) => JSON.parse(text)) });
    expect(JSON.parse(none.text)).toEqual({ Records: [] });
  });

  test.each(["ndjson", "json", "csv"] as const)(
    "a page of a %s export is a file, and names the next one",
    async (format) => {
      const { head, separator, tail } = EXPORT_FORMATS[format];
      const search = `format=${format}&order=oldest`;
      const events: string[] = [];
      let token: string | undefined;
      let pages = 0;
      do {
        const { headers, text } = await get(
          `${search}&limit=3${token === undefined ? "" : `&nextToken=${token}`}`,
        );
        expect(headers["content-disposition"]).toContain(`event_history.${format}`);
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
        events.push(text.slice(head.length, text.length - tail.length));
        token = headers[NEXT_TOKEN_HEADER];
        pages += 1;
      } while (token !== undefined);

      expect(pages).toBe(2);
      expect(head + events.join(separator) + tail).toBe((await get(search)).text);
    },
  );

  test("a page of an export is refused for another search's token", async () => {
    const { headers } = await get("format=ndjson&limit=1");

    const other = await get(`format=ndjson&Username=alice&nextToken=${headers[NEXT_TOKEN_HEADER]}`);

    expect(other).toMatchObject({ status: 400, text: expect.stringContaining("InvalidNextToken") });
  });

  test("a cell of a CSV export is quoted where it must be, and is never a spreadsheet's formula", async () => {
    const { text } = await get("format=csv");

    const lines = text.split("\r\n");
    expect(lines).toHaveLength(6);
    expect(lines[0]).toMatch(/^User name,AWS access key,Event time,/);
    expect(lines[1]).toContain(",'=cmd|' /C calc'!A0,");
    expect(lines[2]).toContain(',"a ""quoted"", text",');
  });

  test.each([
    "Eventname=x",
    "limit=0",
    "limit=1001",
    "start=yesterday",
    "start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z",
    "order=random",
    "category=everything",
    "region=../x",
    "format=xml",
    "counts=Colour",
    "nextToken=x",
  ])("refuses %s with 400 and says why", async (query) => {
    const { status, text } = await get(query);

    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({
      code: expect.stringMatching(/^Invalid/),
      message: expect.stringMatching(/.{20}/),
    });
  });
});

describe("a large result", () => {
  const EVENTS = 1_300;

  beforeAll(async () => {
    history = new History(new MemoryOrderedStore(), clock, {
      retention: Number.POSITIVE_INFINITY,
      isExclusive: true,
    });
    const partition = { accountId: "111122223333", region: "us-east-1", category: "management" } as const;
    const records = Array.from({ length: EVENTS }, (_, index) =>
      incomingRecord(Buffer.from(`{"eventID":"${index}","filler":"${"x".repeat(200)}"}`), NOW - index * 1000),
    );
    await history.append(partition, records, NOW);
  });

  test("is exported whole and in order, step by step", async () => {
    const { text } = await get("format=json");

    const { Records } = JSON.parse(text) as { readonly Records: readonly { readonly eventID: string }[] };
    expect(Records.map(({ eventID }) => eventID)).toEqual(
      Array.from({ length: EVENTS }, (_, index) => String(index)),
    );
  });
});
