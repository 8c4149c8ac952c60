import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "../../cli/endpoint-client.ts";
import { listInputs } from "../../cli/input-files.ts";
import { newestEventTime, sendRecords } from "../../cli/send-records.ts";
import { sliceRecords } from "../../shared/ingest/slice-records.ts";
import { type FakeAnswer, fakeServer, type SeenRequest } from "./fake-server.ts";

const QUICK = { attempts: 4, firstDelay: 1, longestDelay: 2_000 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "opentrail-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function endpointAt(url: string): Endpoint {
  return { url, region: "us-east-1", keys: undefined };
}

async function inputs(name: string, content: string) {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return (await listInputs(file)).files;
}

function acceptAll({ body }: SeenRequest): FakeAnswer {
  return { status: 200, json: { accepted: sliceRecords(body).length, rejected: [] } };
}

function acceptUnless(isBad: (text: string) => boolean): (request: SeenRequest) => FakeAnswer {
  return ({ body }) => {
    const texts = sliceRecords(body).map(String);
    const rejected = texts.flatMap((text, index) =>
      isBad(text) ? [{ index, code: "InvalidData", message: "bad" }] : [],
    );
    return { status: 200, json: { accepted: texts.length - rejected.length, rejected } };
  };
}

describe("sendRecords", () => {
  test("every record arrives once, in the bytes that it has in the file", async () => {
    await using server = await fakeServer(acceptAll);
    const texts = Array.from({ length: 12_000 }, (_, n) => `{"n": ${n}.0,"fill":"${"é".repeat(n % 300)}"}`);

    const report = await sendRecords(
      endpointAt(server.url),
      await inputs("many.jsonl", `${texts.join("\n")}\n`),
    );

    const arrived = server.seen.flatMap(({ body }) => sliceRecords(body).map(String));
    expect(report).toEqual({ accepted: 12_000, rejected: 0, firstRejected: [], unreadable: [] });
    expect(arrived.sort()).toEqual([...texts].sort());
    expect(server.seen.every(({ headers }) => headers["content-encoding"] === "gzip")).toBe(true);
  });

  test("a rejected record is named by its file and line, also in the second batch", async () => {
    await using server = await fakeServer(
      acceptUnless((text) => text === '{"n":7003}' || text === '{"n":2}'),
    );
    const lines = Array.from({ length: 8_000 }, (_, n) => `{"n":${n}}\n`).join("");
    const files = await inputs("rejected.jsonl", lines);

    const report = await sendRecords(endpointAt(server.url), files);

    const places = report.firstRejected.map(({ place }) => place);
    expect(report).toMatchObject({ accepted: 7_998, rejected: 2 });
    expect(places.sort()).toEqual([`${files[0]?.label}, line 3`, `${files[0]?.label}, line 7004`]);
  });

  test("what is no object is not sent, and counts as rejected", async () => {
    await using server = await fakeServer(acceptAll);

    const report = await sendRecords(
      endpointAt(server.url),
      await inputs("mixed.json", '[1, {"a":1}, "b", null]'),
    );

    expect(report).toMatchObject({ accepted: 1, rejected: 3 });
    expect(server.seen.map(({ body }) => body.toString())).toEqual(['{"a":1}\n']);
  });

  test("one record that makes the server refuse the whole body costs no other record", async () => {
    await using server = await fakeServer((request) =>
      request.body.includes("poison")
        ? { status: 400, json: { code: "MalformedBody", message: "broken" } }
        : acceptAll(request),
    );
    const lines = ['{"n":1}', '{"n":2}', '{"poison":1}', '{"n":4}', '{"n":5}'];

    const report = await sendRecords(endpointAt(server.url), await inputs("poison.jsonl", lines.join("\n")));

    expect(report).toMatchObject({ accepted: 4, rejected: 1 });
    expect(report.firstRejected).toMatchObject([
      { place: expect.stringMatching(/line 3$/), message: "broken" },
    ]);
  });

  test("503 and a broken connection are tried again, and Retry-After is honoured", async () => {
    await using server = await fakeServer((request, count) => {
      if (count === 1) {
        return { status: 503, json: {}, headers: { "retry-after": "1" } };
      }
      return count === 2 ? "reset" : acceptAll(request);
    });
    const begin = performance.now();

    const report = await sendRecords(endpointAt(server.url), await inputs("retry.jsonl", '{"a":1}\n'), {
      retryPolicy: QUICK,
    });

    expect(report).toMatchObject({ accepted: 1, rejected: 0 });
    expect(server.seen).toHaveLength(3);
    expect(performance.now() - begin).toBeGreaterThan(990);
  });

  test("a server that stays unavailable is given up with its message", async () => {
    await using server = await fakeServer(() => ({ status: 503, json: { message: "the disk is full" } }));

    const sending = sendRecords(endpointAt(server.url), await inputs("full.jsonl", '{"a":1}\n'), {
      retryPolicy: QUICK,
    });

    await expect(sending).rejects.toThrow("503: the disk is full");
    expect(server.seen).toHaveLength(QUICK.attempts);
  });

  test("where nothing listens, it says so at once and says what to do", async () => {
    const server = await fakeServer(acceptAll);
    await server[Symbol.asyncDispose]();

    const sending = sendRecords(endpointAt(server.url), await inputs("refused.jsonl", '{"a":1}\n'));

    await expect(sending).rejects.toThrow(
      `No server answers at ${server.url}. Start one with "opentrail start"`,
    );
  });

  test("an answer that does not account for every record is an error, not a success", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: { accepted: 1, rejected: [] } }));

    const sending = sendRecords(endpointAt(server.url), await inputs("short.jsonl", '{"a":1}\n{"a":2}\n'));

    await expect(sending).rejects.toThrow("accounts for 1 of 2 records");
  });

  test("a file that breaks off is reported, and the next file is sent all the same", async () => {
    await using server = await fakeServer(acceptAll);
    const files = [
      ...(await inputs("broken.json", '{"Records":[{"a":1},{"a":')),
      ...(await inputs("whole.json", '[{"a":2}]')),
    ];

    const report = await sendRecords(endpointAt(server.url), files);

    expect(report).toMatchObject({ accepted: 2, rejected: 0 });
    expect(report.unreadable).toEqual([
      expect.stringMatching(/broken\.json: the input ends inside a JSON text, after record 1$/),
    ]);
  });

  test("with a shift, only eventTime differs from the file", async () => {
    await using server = await fakeServer(acceptAll);
    const files = await inputs("times.jsonl", '{"eventTime":"2020-01-01T00:00:00Z","a":1.0}\n{"a":2}\n');

    await sendRecords(endpointAt(server.url), files, { shift: 86_400_000 });

    expect(server.seen[0]?.body.toString()).toBe('{"eventTime":"2020-01-02T00:00:00Z","a":1.0}\n{"a":2}\n');
  });
});

describe("newestEventTime", () => {
  test("is the newest of all inputs, whatever order they are in", async () => {
    const files = [
      ...(await inputs(
        "new.jsonl",
        '{"eventTime":"2020-01-01T00:00:00Z"}\n{"eventTime":"2021-05-01T00:00:00Z"}\n',
      )),
      ...(await inputs("old.json", '[{"eventTime":"2019-01-01T00:00:00Z"},{"eventTime":"never"}]')),
    ];

    expect(await newestEventTime(files)).toBe(Date.parse("2021-05-01T00:00:00Z"));
  });

  test("is undefined where no record has a time", async () => {
    expect(await newestEventTime(await inputs("timeless.jsonl", '{"a":1}\n'))).toBeUndefined();
  });
});
