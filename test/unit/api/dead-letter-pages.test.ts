import { beforeEach, describe, expect, test } from "vitest";
import { MemoryDeadLetters } from "../../../shared/adapters/memory/dead-letters.ts";
import { MemoryMessageQueue } from "../../../shared/adapters/memory/message-queue.ts";
import { makeDeadLetterPages } from "../../../shared/api/dead-letter-pages.ts";
import type { ApiRequest, Caller, Service } from "../../../shared/api/http.ts";
import { packBlock } from "../../../shared/event/block-codec.ts";
import { testCaller, testRequest } from "../../support/api-request.ts";
import { blockOf, draftOf } from "../delivery/blocks.ts";

const LETTERS = 120;

let logFiles: MemoryMessageQueue;
let pages: Service;
beforeEach(async () => {
  const clock = { now: () => 0, sleep: async () => undefined };
  const queues = ["log-files", "event-bus"].map(
    (name) => new MemoryMessageQueue(clock, { name, maxReceives: 1 }),
  );
  for (const queue of queues) {
    await queue.send(Array.from({ length: LETTERS / 2 }, () => Buffer.from("no block")));
    const messages = await queue.receive({ messages: LETTERS, bytes: LETTERS * 100 }, 1_000);
    await queue.retry(messages, 0, `${queue.name} is out`);
  }
  logFiles = queues[0] as MemoryMessageQueue;
  pages = makeDeadLetterPages(new MemoryDeadLetters(queues));
});

async function ask(request: Partial<ApiRequest>, caller = testCaller()) {
  const { status, body } = await pages(testRequest(request), caller);
  return { status, ...JSON.parse(String(body)) };
}

function get(path: string, caller?: Caller) {
  const url = new URL(`http://host/_opentrail/dead-letters${path}`);
  return ask({ method: "GET", path: url.pathname, query: url.searchParams }, caller);
}

function sendAgain(body: string) {
  return ask({ path: "/_opentrail/dead-letters/send-again", body: Buffer.from(body) });
}

describe("the list", () => {
  test("has as many letters as were asked for, and says how many there are", async () => {
    const all = await get("");
    const three = await get("?limit=3");

    expect(all.deadLetters).toHaveLength(100);
    expect(three.deadLetters).toHaveLength(3);
    expect([all.total, three.total]).toEqual([LETTERS, LETTERS]);
  });

  test("of one queue has and counts that queue's alone", async () => {
    const list = await get("?queue=event-bus&limit=2");
    const none = await get("?queue=nobody");

    expect(list).toMatchObject({
      deadLetters: [{ queue: "event-bus", reason: "event-bus is out" }, { queue: "event-bus" }],
      total: LETTERS / 2,
    });
    expect(none).toMatchObject({ deadLetters: [], total: 0 });
  });

  test.each(["0", "-1", "1.5", "many"])("a limit of %s is refused", async (limit) => {
    expect(await get(`?limit=${limit}`)).toMatchObject({ status: 400, code: "InvalidLimit" });
  });
});

describe("one letter", () => {
  test("whose body cannot be decoded is shown without its records", async () => {
    expect(await get("/1-log-files")).toMatchObject({
      status: 200,
      id: "1-log-files",
      bytes: 8,
      block: null,
    });
  });

  test("shows the records of another account to keys that may import alone", async () => {
    const { body } = await packBlock(draftOf(blockOf([{ text: '{"a":1}' }], [])), ["log-files"]);
    await logFiles.send([body]);
    await logFiles.retry(await logFiles.receive({ messages: 1, bytes: 1_000_000 }, 1_000), 0, "out");
    const id = (await get("?queue=log-files")).deadLetters.at(-1).id;
    const { accountId } = (await get(`/${id}`)).block;
    const shownTo = async (changes: Partial<Caller>) =>
      (await get(`/${id}`, testCaller({ mayImport: false, ...changes }))).block;

    expect(await shownTo({ accountId })).toMatchObject({ records: 1, firstRecords: [{ a: 1 }] });
    expect(await shownTo({ accountId: "444455556666" })).toMatchObject({ records: 1, firstRecords: [] });
    expect(await shownTo({ accountId: "444455556666", mayImport: true })).toMatchObject({
      firstRecords: [{ a: 1 }],
    });
  });

  test.each(["nobody", "%zz", "1-log-files%2F"])("%s is not found", async (id) => {
    expect(await get(`/${id}`)).toMatchObject({ status: 404, code: "DeadLetterNotFound" });
  });
});

describe("sending again", () => {
  test("all of them is all of them", async () => {
    const report = await sendAgain('{"all":true}');

    expect(report).toEqual({ status: 200, sentAgain: LETTERS, notFound: [], left: 0 });
    expect(await logFiles.depth()).toMatchObject({ ready: LETTERS / 2 });
    expect((await get("")).total).toBe(0);
  });

  test("some of them names those that are not there, and takes one that is named twice once", async () => {
    const report = await sendAgain('{"ids":["1-log-files","1-nowhere","1-log-files"]}');

    expect(report).toEqual({ status: 200, sentAgain: 1, notFound: ["1-nowhere"] });
  });

  test.each(["", "{", "[]", "{}", '{"all":false}', '{"ids":"1-log-files"}', '{"ids":[1]}'])(
    "%j is refused, and sends nothing",
    async (body) => {
      expect(await sendAgain(body)).toMatchObject({ status: 400, code: "InvalidRequest" });
      expect((await get("")).total).toBe(LETTERS);
    },
  );
});
