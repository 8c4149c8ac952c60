import { createConnection } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_NESTING } from "../../shared/ingest/read-record.ts";
import {
  ACCOUNT_AUTHORIZATION,
  makeTrail,
  putRecords,
  readStatus,
  waitUntilDelivered,
} from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";
import { makeLogGroupTrail } from "../support/log-group-trail.ts";

const BUCKET = "bad-input-logs";
const MIB = 1024 * 1024;
const DRAIN_MS = 10_000;

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
  await makeTrail(host.endpoint, "bad-input", BUCKET);
});
afterAll(() => host.remove());

interface Answer {
  readonly status: number;
  readonly accepted?: number;
  readonly rejected?: readonly { index: number; code: string; message: string }[];
  readonly code?: string;
}

async function put(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${host.endpoint}/_opentrail/records`, {
    method: "POST",
    headers: { authorization: ACCOUNT_AUTHORIZATION, ...headers },
    body,
  });
  return { status: response.status, ...((await response.json()) as object) };
}

/** How often each eventID stands in the log files once everything is delivered. */
async function deliveredIds(): Promise<readonly unknown[]> {
  await waitUntilDelivered(host.endpoint, DRAIN_MS);
  return host.records(BUCKET).map(({ eventID }) => eventID);
}

async function expectStillServing(): Promise<void> {
  const id = crypto.randomUUID();
  expect(await put(recordLine({ eventID: id }))).toEqual({ status: 200, accepted: 1, rejected: [] });
  expect(await deliveredIds()).toContain(id);
}

/** Sends raw bytes and answers what came back until the connection ended, or for a second. */
function exchange(bytes: string | Buffer, end = false): Promise<string> {
  const { port, hostname } = new URL(host.endpoint);
  return new Promise((resolve) => {
    const socket = createConnection(Number(port), hostname);
    let answer = "";
    const done = (): void => {
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(done, 1_000);
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(answer);
    });
    socket.write(bytes);
    if (end) {
      socket.destroy();
    }
  });
}

/** A record with an array nested that deep in it. */
function nested(levels: number): string {
  return recordLine({ requestParameters: "DEEP" }).replace('"DEEP"', "[".repeat(levels) + "]".repeat(levels));
}

describe("a record that is refused takes no other record of its call with it", () => {
  const cases: readonly (readonly [what: string, record: string | Buffer, code: string, message: RegExp])[] =
    [
      ["a number", "42", "InvalidData", /not a JSON object/],
      ["null", "null", "InvalidData", /not a JSON object/],
      ["a list", "[1,2]", "InvalidData", /not a JSON object/],
      ["a string", '"StopLogging"', "InvalidData", /not a JSON object/],
      ["an empty object", "{}", "FieldNotFound", /eventTime/],
      [
        "an eventName that is a number",
        recordLine({ eventName: 7 }),
        "InvalidData",
        /eventName must be a string/,
      ],
      ["an eventTime that is a number", recordLine({ eventTime: 1_700_000_000 }), "InvalidData", /eventTime/],
      ["an eventTime that is no time", recordLine({ eventTime: "yesterday" }), "InvalidData", /ISO 8601/],
      ["an awsRegion that is an object", recordLine({ awsRegion: {} }), "InvalidData", /awsRegion/],
      [
        "an eventID that is a list",
        recordLine({ eventID: ["a"] }),
        "InvalidData",
        /eventID must be a string/,
      ],
      ["an eventSource that is empty", recordLine({ eventSource: "" }), "FieldNotFound", /eventSource/],
      [
        "bad UTF-8",
        Buffer.from(recordLine({ userAgent: "\u00ff" }).replace("ÿ", "\u00c3"), "latin1"),
        "InvalidData",
        /not valid UTF-8/,
      ],
      ["10,000 levels of nesting", nested(10_000), "InvalidData", /nested deeper than/],
      ["more than 1 MiB", recordLine({ requestParameters: "x".repeat(MIB) }), "FieldTooLong", /1048576/],
      ["a JSON text that is broken within", '{"eventName": tru}', "InvalidData", /not JSON/],
    ];

  test.each(cases)("%s", async (_what, record, code, message) => {
    const [before, after] = [crypto.randomUUID(), crypto.randomUUID()];
    const body = Buffer.concat([
      Buffer.from(`{"Records":[${recordLine({ eventID: before })},`),
      Buffer.from(record),
      Buffer.from(`,${recordLine({ eventID: after })}]}`),
    ]);

    const answer = await put(body);

    expect(answer).toMatchObject({ status: 200, accepted: 2, rejected: [{ index: 1, code }] });
    expect(answer.rejected).toHaveLength(1);
    expect(answer.rejected?.[0]?.message).toMatch(message);
    expect(await deliveredIds()).toEqual(expect.arrayContaining([before, after]));
  });
});

describe("a body that holds no records is refused as a whole, and says why", () => {
  const bomb = gzipSync(Buffer.alloc(1024 * MIB), { level: 9 });
  const cut = gzipSync(recordLine()).subarray(0, 60);
  const cases: readonly (readonly [
    what: string,
    body: string | Buffer<ArrayBuffer>,
    headers: Record<string, string>,
    status: number,
    code: string,
  ])[] = [
    ["a text", "StopLogging", {}, 400, "MalformedBody"],
    ["an array that does not end", `[${recordLine()}`, {}, 400, "MalformedBody"],
    ["nothing", "", {}, 400, "MalformedBody"],
    ["gzip that is none", recordLine(), { "content-encoding": "gzip" }, 400, "MalformedBody"],
    ["gzip that is cut short", cut, { "content-encoding": "gzip" }, 400, "MalformedBody"],
    ["a gzip bomb of 1 GiB", bomb, { "content-encoding": "gzip" }, 413, "RequestTooLarge"],
    ["another encoding", recordLine(), { "content-encoding": "br" }, 415, "UnsupportedEncoding"],
    ["17 MiB", `[${" ".repeat(17 * MIB)}]`, {}, 413, "RequestTooLarge"],
    [
      "17 MiB decompressed",
      gzipSync(`[${" ".repeat(17 * MIB)}]`),
      { "content-encoding": "gzip" },
      413,
      "RequestTooLarge",
    ],
    ["65 MiB, which is not even read", Buffer.alloc(65 * MIB), {}, 413, "RequestTooLarge"],
  ];

  test.each(cases)("%s", async (_what, body, headers, status, code) => {
    const answer = await put(body, headers);

    expect(answer).toMatchObject({ status, code });
    await expectStillServing();
  });

  test("65 MiB that come in chunks, without a word of their length", async () => {
    const chunk = Buffer.alloc(5 * MIB);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        if (sent > 13) {
          controller.close();
        } else {
          controller.enqueue(chunk);
        }
      },
    });

    const response = await fetch(`${host.endpoint}/_opentrail/records`, {
      method: "POST",
      body,
      duplex: "half",
    });

    expect(response.status).toBe(413);
    await expectStillServing();
  });
});

describe("what is odd and no error", () => {
  test("a body of exactly 16 MiB is taken", async () => {
    const line = recordLine();
    const answer = await put(line + " ".repeat(16 * MIB - line.length));

    expect(answer).toMatchObject({ status: 200, accepted: 1 });
  });

  test("the deepest nesting that is accepted arrives as it came", async () => {
    const text = nested(MAX_NESTING - 1);

    const answer = await put(text);
    await waitUntilDelivered(host.endpoint, DRAIN_MS);

    expect(answer).toMatchObject({ status: 200, accepted: 1 });
    expect(host.records(BUCKET).map((record) => JSON.stringify(record))).toContain(text);
  });

  test("records of one eventID, in one call and in two, are all kept", async () => {
    const eventID = crypto.randomUUID();
    const [one, two, three] = [1, 2, 3].map((n) => recordLine({ eventID, requestParameters: { n } }));

    await put(`${one}\n${two}`);
    await put(`${three}`);

    const ids = await deliveredIds();
    expect(ids.filter((id) => id === eventID)).toHaveLength(3);
  });

  test.each(["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2013-11-01T00:00:00Z", "9999-12-31T23:59:59Z"])(
    "an event of %s is delivered to S3",
    async (eventTime) => {
      const eventID = crypto.randomUUID();

      const answer = await put(recordLine({ eventID, eventTime }));

      expect(answer).toMatchObject({ status: 200, accepted: 1 });
      expect(await deliveredIds()).toContain(eventID);
    },
  );

  test("members named __proto__ and constructor are data, and change nothing else", async () => {
    const eventID = crypto.randomUUID();
    const text = recordLine({ eventID }).replace(
      "{",
      '{"__proto__":{"awsRegion":"xx-evil-1","eventName":"Polluted"},"constructor":{"prototype":{"polluted":true}},',
    );

    const answer = await put(text);
    await waitUntilDelivered(host.endpoint, DRAIN_MS);

    const kept = host.records(BUCKET).find((record) => record.eventID === eventID);
    expect(answer).toMatchObject({ status: 200, accepted: 1 });
    expect(JSON.stringify(kept)).toBe(text);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("what a record lacks and __proto__ has is still lacking", async () => {
    const answer = await put('{"__proto__":{"eventTime":"2026-01-01T00:00:00Z"}}');

    expect(answer).toMatchObject({ status: 200, accepted: 0, rejected: [{ code: "FieldNotFound" }] });
  });
});

describe("a record that not every destination takes", () => {
  let other: TestHost;
  beforeAll(async () => {
    other = await startTestHost();
    await makeLogGroupTrail(other.endpoint, "all-places", BUCKET, "bad-input");
    await waitUntilDelivered(other.endpoint, DRAIN_MS);
  });
  afterAll(() => other.remove());

  async function skippedOf(line: string) {
    const counts = async () => {
      const { stages } = await waitUntilDelivered(other.endpoint, DRAIN_MS);
      return new Map(stages.map((stage) => [stage.name, stage]));
    };
    const before = await counts();
    expect(await (await putRecords(other.endpoint, line)).json()).toEqual({ accepted: 1, rejected: [] });
    const after = await counts();
    return (stage: string, reason: string): number =>
      (after.get(stage)?.skipped[reason] ?? 0) - (before.get(stage)?.skipped[reason] ?? 0);
  }

  test("300 KB are in the log file, and skipped with the reason by log group and bus", async () => {
    const eventID = crypto.randomUUID();

    const skipped = await skippedOf(recordLine({ eventID, requestParameters: "x".repeat(300 * 1024) }));

    expect(skipped("log-groups", "too-large")).toBe(1);
    expect(skipped("event-bus", "too-large")).toBe(1);
    expect(other.records(BUCKET).some((record) => record.eventID === eventID)).toBe(true);
  });

  test.each([
    ["2001-01-01T00:00:00Z", "too-old"],
    ["9999-12-31T23:59:59Z", "too-new"],
  ])("an event of %s is in the log file, and skipped as %s by the log group", async (eventTime, reason) => {
    const eventID = crypto.randomUUID();

    const skipped = await skippedOf(recordLine({ eventID, eventTime }));

    expect(skipped("log-groups", reason)).toBe(1);
    expect(other.records(BUCKET).some((record) => record.eventID === eventID)).toBe(true);
  });
});

describe("HTTP that is not what it should be", () => {
  const target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
  const scope = (service: string): string => ACCOUNT_AUTHORIZATION.replace("/cloudtrail/", `/${service}/`);
  const cases: readonly (readonly [
    what: string,
    request: readonly [method: string, path: string, headers?: Record<string, string>],
    status: number,
    body: RegExp,
  ])[] = [
    ["a page that is not there", ["GET", "/_opentrail/nothing"], 404, /NotFound/],
    ["GET where records are sent to", ["GET", "/_opentrail/records"], 405, /MethodNotAllowed/],
    ["DELETE of the health page", ["DELETE", "/_opentrail/health"], 405, /MethodNotAllowed/],
    ["POST to the status page", ["POST", "/_opentrail/status"], 405, /MethodNotAllowed/],
    ["PUT to the dead letters", ["PUT", "/_opentrail/dead-letters"], 405, /MethodNotAllowed/],
    ["a dead letter of no name", ["GET", "/_opentrail/dead-letters/%zz"], 404, /DeadLetterNotFound/],
    ["a limit that is none", ["GET", "/_opentrail/dead-letters?limit=-1"], 400, /InvalidLimit/],
    ["nothing to send again", ["POST", "/_opentrail/dead-letters/send-again"], 400, /InvalidRequest/],
    [
      "an operation that is none",
      ["POST", "/", { "x-amz-target": `${target}.Nothing` }],
      400,
      /UnknownOperation/,
    ],
    [
      "an operation of Object's",
      ["POST", "/", { "x-amz-target": `${target}.constructor` }],
      400,
      /UnknownOperation/,
    ],
    [
      "a service that is not served",
      ["POST", "/", { "x-amz-target": "DynamoDB_20120810.ListTables" }],
      501,
      /DynamoDB/,
    ],
    [
      "a service of the query protocol, in its XML",
      ["POST", "/", { authorization: scope("iam"), "content-type": "application/x-www-form-urlencoded" }],
      501,
      /^<\?xml.*<Code>UnknownOperationException/s,
    ],
    [
      "an Authorization of another kind",
      ["POST", "/", { authorization: "Bearer x", "x-amz-target": `${target}.ListTrails` }],
      400,
      /IncompleteSignatureException/,
    ],
    [
      "an Authorization that is cut short",
      [
        "POST",
        "/",
        { authorization: "AWS4-HMAC-SHA256 Credential=a/b", "x-amz-target": `${target}.ListTrails` },
      ],
      400,
      /IncompleteSignatureException/,
    ],
    [
      "an Authorization of S3 that is none, in S3's XML",
      ["GET", "/a-bucket", { authorization: "Bearer x" }],
      400,
      /<Code>AuthorizationHeaderMalformed</,
    ],
    ["a bucket that is not there, unsigned", ["GET", "/no-such-bucket-here"], 404, /NoSuchBucket/],
    ["a path that cannot be decoded", ["GET", "/%zz/%ff"], 400, /InvalidURI/],
  ];

  test.each(cases)("%s", async (_what, [method, path, headers = {}], status, body) => {
    const response = await fetch(`${host.endpoint}${path}`, {
      method,
      headers,
      ...(method === "POST" && { body: "{}" }),
    });

    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(body);
  });

  test("records that nobody signed are the default account's", async () => {
    const response = await fetch(`${host.endpoint}/_opentrail/records`, {
      method: "POST",
      body: recordLine(),
    });

    expect(await response.json()).toEqual({ accepted: 1, rejected: [] });
  });

  test("headers over the limit are refused", async () => {
    const answer = await exchange(`GET / HTTP/1.1\r\nhost: x\r\nlarge: ${"x".repeat(64 * 1024)}\r\n\r\n`);

    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    await expectStillServing();
  });

  test("bytes that are no HTTP are refused", async () => {
    const answer = await exchange("\u0016\u0003\u0001 hello\r\n\r\n");

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await expectStillServing();
  });

  test("a length and chunks at once, the means of smuggling requests, are refused", async () => {
    const answer = await exchange(
      "POST /_opentrail/records HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    );

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    await expectStillServing();
  });

  test("an upload that ends in its middle leaves nothing behind", async () => {
    const before = await readStatus(host.endpoint);
    const line = recordLine();

    await exchange(
      `POST /_opentrail/records HTTP/1.1\r\nhost: x\r\nauthorization: ${ACCOUNT_AUTHORIZATION}\r\ncontent-length: 100000\r\n\r\n${line}`,
      true,
    );

    const after = await readStatus(host.endpoint);
    expect(after.ingest.received).toBe(before.ingest.received);
    expect(after.lastErrors).toEqual(before.lastErrors);
  });

  test("clients that stall hold nobody up", async () => {
    const stalled = Array.from({ length: 20 }, () =>
      exchange("POST /_opentrail/records HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n["),
    );

    await expectStillServing();

    expect(await Promise.all(stalled)).toEqual(stalled.map(() => ""));
  });
});

test("ingest's counts balance after all of that", async () => {
  const { ingest, stages } = await waitUntilDelivered(host.endpoint, DRAIN_MS);

  expect(ingest.rejected).toBeGreaterThan(0);
  expect(ingest.received).toBe(ingest.accepted + ingest.rejected);
  for (const { received, delivered, skipped, failed } of stages) {
    const skippedInAll = Object.values(skipped).reduce((sum, count) => sum + count, 0);
    expect(received).toBe(delivered + skippedInAll + failed);
  }
});
