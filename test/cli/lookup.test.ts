import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { formatEvents } from "../../cli/lookup.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryOrderedStore } from "../../shared/adapters/memory/ordered-store.ts";
import { makeEventPages } from "../../shared/api/event-pages.ts";
import type { EventList } from "../../shared/api/events.ts";
import { problem } from "../../shared/api/json-answer.ts";
import { History } from "../../shared/history/history.ts";
import { incomingRecord } from "../../shared/history/incoming-record.ts";
import type { LookupEvent } from "../../shared/history/lookup-event.ts";
import { type ServiceServer, serveService } from "../support/service-server.ts";
import { type FakeServer, fakeServer } from "./fake-server.ts";

const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");

function start(args: readonly string[], url = "http://127.0.0.1:9", variables: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, NO_COLOR: "1", OPENTRAIL_ENDPOINT: url, ...variables },
  });
}

async function opentrail(args: readonly string[], url?: string, variables?: NodeJS.ProcessEnv) {
  const child = start(args, url, variables);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, err, code };
}

function event(id: string, change: Partial<LookupEvent> = {}): LookupEvent {
  return {
    EventId: id,
    EventName: "CreateUser",
    EventSource: "iam.amazonaws.com",
    EventTime: Date.UTC(2026, 0, 31, 12) / 1000,
    Username: "alice",
    Resources: [{ ResourceType: "AWS::IAM::User", ResourceName: "bob" }],
    CloudTrailEvent: '{"errorCode":"AccessDenied"}',
    ...change,
  };
}

function listServer(list: EventList): Promise<FakeServer> {
  return fakeServer(() => ({ status: 200, json: list }));
}

function asked({ seen }: FakeServer, at = 0): URLSearchParams {
  return new URL(seen[at]?.path ?? "", "http://server").searchParams;
}

describe("opentrail lookup", () => {
  test("says when it filters by what the environment has, and only then", async () => {
    await using server = await listServer({ events: [event("1")], nextToken: null });
    const left = { OPENTRAIL_EVENT_NAME: "CreateUser", OPENTRAIL_LIMIT: "5" };

    const filtered = await opentrail(["lookup", "--username", "alice"], server.url, left);
    const asGiven = await opentrail(["lookup", "--event-name", "DeleteUser"], server.url, left);

    expect(filtered).toMatchObject({
      code: 0,
      err: "Filtered by what the environment has: OPENTRAIL_EVENT_NAME\n",
    });
    expect(asGiven).toMatchObject({ code: 0, err: "" });
  });

  test("shows events as a table, and says that there are more", () => {
    const more = event("2", { Username: undefined as never, Resources: [], CloudTrailEvent: "{}" });

    const lines = formatEvents({ events: [event("1"), more], nextToken: "x" }).split("\n");

    expect(lines[0]).toMatch(/^time +user +event +source +resource +error$/);
    expect(lines[1]).toMatch(/^2026-01-31T12:00:00Z +alice +CreateUser +iam +bob +AccessDenied$/);
    expect(lines[2]).toMatch(/ - +CreateUser +iam +- +-$/);
    expect(lines[3]).toMatch(/^There are more/);
  });

  test("says so where there are none", () => {
    expect(formatEvents({ events: [], nextToken: null })).toBe("No events.\n");
  });

  test("keeps the control characters of a record from the terminal", () => {
    const shown = formatEvents({ events: [event("1", { Username: "a\u001b[2J\u0007b" })], nextToken: null });

    expect(shown).toContain("a\u{fffd}[2J\u{fffd}b");
  });

  test("asks for what the options say, several values of one attribute too", async () => {
    await using server = await listServer({ events: [event("1")], nextToken: null });

    const { code, out } = await opentrail(
      [
        "lookup",
        ...[
          "--event-name",
          "A",
          "--event-name",
          "B",
          "--source-ip-address",
          "192.0.2.1",
          "--access-key-id",
          "K",
        ],
        ...["--start", "2026-01-01", "--text", "needle", "--category", "data", "--oldest-first"],
        ...["--limit", "7", "--region", "eu-west-1", "--json"],
      ],
      server.url,
    );

    expect(code).toBe(0);
    expect((JSON.parse(out) as EventList).events).toEqual([event("1")]);
    expect([...asked(server)].sort()).toEqual([
      ["AccessKeyId", "K"],
      ["EventName", "A"],
      ["EventName", "B"],
      ["SourceIPAddress", "192.0.2.1"],
      ["category", "data"],
      ["limit", "7"],
      ["order", "oldest"],
      ["region", "eu-west-1"],
      ["start", "2026-01-01T00:00:00.000Z"],
      ["text", "needle"],
    ]);
  });

  test("follows: each event is shown once, in the order in which they are seen", async () => {
    const pages = [
      [event("2"), event("1")],
      [event("3"), event("2"), event("1")],
    ];
    await using server = await fakeServer((_, count) => ({
      status: 200,
      json: { events: pages[Math.min(count, pages.length) - 1], nextToken: null },
    }));

    const child = start(["lookup", "--follow", "--json"], server.url);
    let out = "";
    for await (const chunk of child.stdout) {
      out += chunk;
      if (out.split("\n").length > 3) {
        child.kill();
      }
    }

    const ids = out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as LookupEvent).EventId);
    expect(ids).toEqual(["1", "2", "3"]);
  });

  test.each([
    ["a limit that is none", ["--limit", "0"]],
    ["a time that is none", ["--start", "yesterday"]],
    ["a category that is none", ["--category", "x"]],
  ])("%s is a usage error", async (_, args) => {
    expect(await opentrail(["lookup", ...args])).toMatchObject({ code: 2, out: "" });
  });
});

/** A server with so many events that refuses to answer them in one piece. */
async function pageServer(count: number): Promise<ServiceServer> {
  const now = Date.now();
  const clock = new MemoryClock(now);
  const history = new History(new MemoryOrderedStore(), clock, { retention: 86_400_000, isExclusive: true });
  const records = Array.from({ length: count }, (_, id) => {
    const record = { eventID: `event-${id}`, eventTime: new Date(now).toISOString(), eventName: "Put" };
    return incomingRecord(Buffer.from(JSON.stringify(record)), now);
  });
  const partition = { accountId: "111122223333", region: "us-east-1", category: "management" as const };
  await history.append(partition, records, now);
  const pages = makeEventPages(history);
  return serveService(async (request, caller) =>
    request.query.has("limit") ? pages(request, caller) : problem(413, "AnswerTooLarge", "Too much"),
  );
}

describe("opentrail export", () => {
  test.each(["json", "ndjson", "csv"] as const)(
    "asks for pages where the whole is too much for the server, and writes one %s file",
    async (format) => {
      const server = await pageServer(2_500);

      const { code, out } = await opentrail(["export", "--format", format], server.endpoint);

      await server.close();
      expect(code).toBe(0);
      const ids = out.match(/event-\d+/g) ?? [];
      expect(new Set(ids).size).toBe(2_500);
      expect(ids).toHaveLength(2_500);
      if (format === "json") expect(JSON.parse(out).Records).toHaveLength(2_500);
      else expect(out.trimEnd().split("\n")).toHaveLength(format === "csv" ? 2_501 : 2_500);
    },
  );

  test("writes what the server sends, in the format that was asked for", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: { Records: [1] } }));

    const { code, out } = await opentrail(["export", "--format", "json", "--username", "alice"], server.url);

    expect({ code, document: JSON.parse(out) }).toEqual({ code: 0, document: { Records: [1] } });
    expect(Object.fromEntries(asked(server))).toEqual({
      format: "json",
      Username: "alice",
      region: "us-east-1",
    });
  });

  test("says what the server refused, with exit code 1", async () => {
    await using server = await fakeServer(() => ({ status: 400, json: { code: "X", message: "not so" } }));

    const { code, err } = await opentrail(["export"], server.url);

    expect(code).toBe(1);
    expect(err).toContain("answered 400: not so");
  });
});
