import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryImportStore } from "../../../shared/adapters/memory/import-store.ts";
import type { Caller, Service } from "../../../shared/api/http.ts";
import { makeImportPages } from "../../../shared/api/import-pages.ts";
import { importName } from "../../../shared/ingest/import-name.ts";
import type { IngestRequest } from "../../../shared/ingest/ingest.ts";
import { TopicUnavailable } from "../../../shared/ports/activity-topic.ts";
import { testCaller, testRequest } from "../../support/api-request.ts";

const KEY = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a.json.gz";
const FILE = { bucket: "trail-logs", key: KEY, etag: "5f4d" };
const OWN_ROLE = "arn:aws:iam::111122223333:role/opentrail";

let clock: MemoryClock;
let imports: MemoryImportStore;
let requests: IngestRequest[];
let pages: Service;
let outage: Error | undefined;
let calls = 0;

beforeEach(() => {
  clock = new MemoryClock(Date.UTC(2026, 0, 31));
  imports = new MemoryImportStore(clock, 24 * 60 * 60_000);
  requests = [];
  outage = undefined;
  pages = makeImportPages({
    imports,
    clock,
    own: { roles: [OWN_ROLE], resources: [] },
    reportFailure: () => undefined,
    ingest: async (request) => {
      if (outage) throw outage;
      requests.push(request);
      const rejected = request.records.flatMap((text, index) =>
        text.toString() === "{}" ? [{ index, code: "FieldNotFound", message: "no eventTime" }] : [],
      );
      const leftOut = request.records.filter((text) =>
        request.leaveOut?.(JSON.parse(text.toString())),
      ).length;
      return { accepted: request.records.length - rejected.length - leftOut, rejected, leftOut };
    },
  });
});

async function ask(
  method: string,
  query: Record<string, string>,
  body = Buffer.alloc(0),
  caller: Partial<Caller> = {},
) {
  calls += 1;
  const request = testRequest({
    method,
    path: "/_opentrail/imports",
    query: new URLSearchParams(query),
    body,
  });
  const answer = await pages(request, {
    ...testCaller(),
    mayImport: true,
    requestId: `call-${calls}`,
    ...caller,
  });
  return { status: answer.status, ...JSON.parse(String(answer.body)) };
}

const state = (file: object = FILE) => ask("GET", { ...file } as Record<string, string>);

function put(
  first: number,
  records: readonly (object | string)[],
  query: Record<string, string> = {},
  caller: Partial<Caller> = {},
) {
  const lines = records.map((record) => (typeof record === "string" ? record : JSON.stringify(record)));
  return ask("POST", { ...FILE, first: String(first), ...query }, Buffer.from(lines.join("\n")), caller);
}

const texts = () => requests.flatMap(({ records }) => records.map(String));

describe("a log file that is sent part by part", () => {
  test("is taken in order, kept and not emitted, and complete with its last part", async () => {
    const before = await state();
    const first = await put(0, [{ n: 0 }, "{}"]);
    const between = await state();
    const last = await put(2, [{ n: 2 }], { last: "true" });

    expect(before).toEqual({ status: 200, records: 0, refused: 0, isComplete: false });
    expect(first).toEqual({
      status: 200,
      accepted: 1,
      rejected: [{ index: 1, code: "FieldNotFound", message: "no eventTime" }],
      leftOut: 0,
      importedBefore: 0,
      accountId: "111122223333",
    });
    expect(between).toEqual({ status: 200, records: 2, refused: 1, isComplete: false });
    expect(last).toMatchObject({ status: 200, accepted: 1 });
    expect(await state()).toEqual({ status: 200, records: 3, refused: 1, isComplete: true });
    expect(requests[0]).toMatchObject({ accountId: "111122223333", origin: "log-file", mayImport: true });
  });

  test("may name other recipient accounts if the caller's key may import", async () => {
    await put(0, [{ n: 0 }], {}, { mayImport: true });
    await put(1, [{ n: 1 }], {}, { mayImport: false });

    expect(requests.map(({ mayImport }) => mayImport)).toEqual([true, false]);
  });

  test("an outage is told as such, also where the import store is out too", async () => {
    outage = new TopicUnavailable("out");
    imports.note = async () => {
      throw new Error("the store is out");
    };

    expect(await put(0, [{ n: 0 }])).toMatchObject({ status: 503 });
  });

  test("a part whose answer was lost is sent again, and its records are passed over", async () => {
    await put(0, [{ n: 0 }, { n: 1 }]);

    const again = await put(1, [{ n: 1 }, "{}"]);

    expect(again).toMatchObject({
      status: 200,
      accepted: 0,
      importedBefore: 1,
      rejected: [{ index: 1, code: "FieldNotFound" }],
    });
    expect(texts()).toEqual(['{"n":0}', '{"n":1}', "{}"]);
  });

  test("a complete file is not imported again, by whichever way it was; written anew it is another file", async () => {
    const lease = { owner: "notified", until: clock.now() };
    await imports.claim(importName(FILE), lease);
    await imports.note(importName(FILE), lease, { records: 7, refused: 0, isComplete: true });

    const again = await put(0, [{ n: 0 }], { last: "true" });
    const anew = await put(0, [{ n: 0 }], { etag: "0000" });

    expect(again).toMatchObject({ status: 200, accepted: 0, importedBefore: 1 });
    expect(anew).toMatchObject({ status: 200, accepted: 1, importedBefore: 0 });
  });

  test("a part that is missing is asked for, unless the client says that it refused those records itself", async () => {
    await put(0, [{ n: 0 }]);

    const missing = await put(2, [{ n: 2 }]);
    const refused = await put(2, [{ n: 2 }], { refused: "1" });

    expect(missing).toMatchObject({ status: 409, code: "PartMissing" });
    expect(missing.message).toContain("from 1 on were not sent");
    expect(refused).toMatchObject({ status: 200, accepted: 1 });
    expect(await state()).toMatchObject({ records: 3, refused: 1 });
  });

  test("while somebody else imports the file a part has to wait, and leaves their lease alone", async () => {
    await imports.claim(importName(FILE), { owner: "notified", until: clock.now() + 60_000 });

    const answer = await put(0, [{ n: 0 }]);

    expect(answer).toMatchObject({ status: 409, code: "ImportBusy" });
    expect(texts()).toEqual([]);
  });

  test("what the topic does not take is not noted, and can be sent again at once", async () => {
    outage = new TopicUnavailable("full");
    const refused = await put(0, [{ n: 0 }], { last: "true" });
    outage = undefined;

    const again = await put(0, [{ n: 0 }], { last: "true" });

    expect([refused.status, again.status]).toEqual([503, 200]);
    expect(texts()).toEqual(['{"n":0}']);
  });

  test("calls of the stack itself are left out", async () => {
    const arn = "arn:aws:sts::111122223333:assumed-role/opentrail/x";

    const answer = await put(0, [{ userIdentity: { type: "AssumedRole", arn } }, { n: 1 }]);

    expect(answer).toMatchObject({ accepted: 1, leftOut: 1 });
  });

  test("the body may be gzip, as in the bulk call", async () => {
    const request = testRequest({
      path: "/_opentrail/imports",
      query: new URLSearchParams(FILE),
      headers: { "content-encoding": "gzip" },
      body: gzipSync('{"Records":[{"n":0},{"n":1}]}'),
    });

    const { status } = await pages(request, { ...testCaller(), mayImport: true });

    expect([status, texts()]).toEqual([200, ['{"n":0}', '{"n":1}']]);
  });
});

describe("whose a file is", () => {
  test("its key says; another caller needs a key that may import", async () => {
    const key = KEY.replace("111122223333", "444455556666");

    const refused = await put(0, [{ n: 0 }], { key }, { mayImport: false });
    const taken = await put(0, [{ n: 0 }], { key });

    expect(refused).toMatchObject({ status: 403, code: "AccessDenied" });
    expect(taken).toMatchObject({ status: 200, accountId: "444455556666" });
    expect(requests.map(({ accountId }) => accountId)).toEqual(["444455556666"]);
  });

  test("a key that names no account is the caller's", async () => {
    await put(0, [{ n: 0 }], { key: "exports/2026.json.gz" });

    expect(requests[0]?.accountId).toBe(testCaller().accountId);
  });
});

describe("a request that says", () => {
  test.each([
    ["no bucket", { bucket: "" }],
    ["no ETag", { etag: "" }],
    ["too long a key", { key: "k".repeat(1025) }],
    ["a position that is no number", { first: "x" }],
    ["a negative position", { first: "-1" }],
    ["more refused records than there are before", { first: "1", refused: "2" }],
  ])("%s is refused", async (_, query) => {
    expect(await put(0, [{ n: 0 }], query)).toMatchObject({ status: 400, code: "InvalidImport" });
  });

  test("nothing that is a record is refused, and the file is not touched", async () => {
    expect(await put(0, ["no records"])).toMatchObject({ status: 400, code: "MalformedBody" });
    expect(await imports.read(importName(FILE))).toBeUndefined();
  });
});
