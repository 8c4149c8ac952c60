import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeadLetterDetail } from "../../shared/api/dead-letters.ts";
import type { EndpointStatus, StatusReport } from "../../shared/api/status.ts";
import { sliceRecords } from "../../shared/ingest/slice-records.ts";
import { type FakeAnswer, fakeServer, type SeenRequest } from "./fake-server.ts";

const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "opentrail-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function opentrail(
  args: readonly string[],
  settings: { env?: NodeJS.ProcessEnv; input?: Uint8Array } = {},
) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, NO_COLOR: "1", ...settings.env },
  });
  child.stdin.end(settings.input ?? "");
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, err, code };
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const target = path.join(folder, name);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, content);
  return target;
}

function acceptAll({ body }: SeenRequest): FakeAnswer {
  return { status: 200, json: { accepted: sliceRecords(body).length, rejected: [] } };
}

const STATUS: StatusReport = {
  version: "0.1.0",
  host: "embedded",
  startedAt: "2026-02-11T04:00:00.000Z",
  uptimeSeconds: 600,
  ingest: { received: 1_500, accepted: 1_499, rejected: 1, unrouted: 3 },
  stages: [
    {
      name: "log-files",
      ready: 2,
      inFlight: 1,
      oldestAgeSeconds: 4,
      received: 1_200,
      delivered: 1_190,
      skipped: { "trail deleted": 10 },
      failed: 0,
      deadLetters: 0,
    },
  ],
  trails: [
    {
      trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/shop-trail",
      homeRegion: "us-east-1",
      isMultiRegionTrail: true,
      isLogging: true,
      s3BucketName: "shop-trail-logs",
      latestDeliveryTime: "2026-02-11T04:09:00.000Z",
      latestDeliveryError: null,
      latestCloudWatchLogsDeliveryTime: null,
      latestNotificationTime: "2026-01-02T03:04:05.000Z",
      latestNotificationError: "AuthorizationError",
      latestCloudWatchLogsDeliveryError: "ResourceNotFoundException",
    },
  ],
  rules: [{ name: "restart", state: "ENABLED", description: "starts it again", invocations: 2, failures: 1 }],
  lastErrors: [{ at: "2026-02-11T04:08:00.000Z", stage: "log-groups", message: "no such log group" }],
};

describe("opentrail", () => {
  test("answers --version and --help with 0, and help names every command", async () => {
    const version = await opentrail(["--version"]);
    const help = await opentrail(["--help"]);

    expect(version).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(help.code).toBe(0);
    for (const command of ["start", "put-records", "status", "dead-letters", "demo"]) {
      expect(help.out).toContain(`  ${command} `);
    }
  });

  test.each([
    ["no-such-command"],
    ["start --port 70000"],
    ["start --delivery-interval soon"],
    ["start --account 1234"],
    ["start --gzip-level 10"],
    ["start --host 0.0.0.0"],
    ["put-records"],
    ["put-records --no-such-option x"],
    ["status --endpoint nowhere"],
    ["dead-letters show"],
    ["dead-letters send-again"],
    ["dead-letters send-again --all some-id"],
  ])("%s is a usage error: exit code 2, a reason on standard error, no stack", async (line) => {
    const { code, out, err } = await opentrail(line.split(" "));

    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(/^error: /);
    expect(err).not.toContain("    at ");
  });

  test("a variable stands for an option, and is checked like one", async () => {
    const { code, err } = await opentrail(["start"], { env: { OPENTRAIL_PORT: "many" } });

    expect(code).toBe(2);
    expect(err).toContain("OPENTRAIL_PORT");
  });

  test("a switch whose variable says 0 is off", async () => {
    const { code, err } = await opentrail(["start", "--host", "0.0.0.0"], {
      env: { OPENTRAIL_INSECURE_BIND: "0" },
    });

    expect(code).toBe(2);
    expect(err).toContain("--insecure-bind");
  });

  test("with no server there, a command says so in one line and exits with 1", async () => {
    const server = await fakeServer(acceptAll);
    await server[Symbol.asyncDispose]();

    const { code, err } = await opentrail(["status"], { env: { OPENTRAIL_ENDPOINT: server.url } });

    expect(code).toBe(1);
    expect(err).toMatch(/^opentrail: No server answers at http:\S+\. Start one with "opentrail start".*\n$/);
  });
});

describe("opentrail put-records", () => {
  test("takes files, folders and standard input, in every form, and leaves other files alone", async () => {
    await using server = await fakeServer(acceptAll);
    await file("tree/deep/b.json.gz", gzipSync('{"Records":[{"n":1},{"n":2}]}'));
    await file("tree/a.ndjson", '{"n":3}\n');
    await file("tree/notes.txt", "not records");
    const named = await file("named.log", '[{\n"n":4}]');

    const { code, out, err } = await opentrail(
      ["put-records", "--endpoint", server.url, "tree", named, "-"],
      {
        input: gzipSync('{"n":5}\n{"n":6}\n'),
      },
    );

    const sent = server.seen.flatMap(({ body }) => sliceRecords(body).map(String));
    expect({ code, out }).toEqual({ code: 0, out: "6 accepted, 0 rejected\n" });
    expect(err).toContain(`Left alone, no records by their names: ${path.join("tree", "notes.txt")}`);
    expect(sent.sort()).toEqual(['{\n"n":4}', '{"n":1}', '{"n":2}', '{"n":3}', '{"n":5}', '{"n":6}']);
  });

  test("exits with 1 when a record was rejected, and says which", async () => {
    await using server = await fakeServer(() => ({
      status: 200,
      json: {
        accepted: 1,
        rejected: [{ index: 1, code: "FieldNotFound", message: "The record has no eventTime" }],
      },
    }));
    const name = await file("rejected.jsonl", '{"a":1}\n{"b":2}\n');

    const { code, out, err } = await opentrail(["put-records", "--endpoint", server.url, name]);

    expect({ code, out }).toEqual({ code: 1, out: "1 accepted, 1 rejected\n" });
    expect(err).toBe(`rejected: ${name}, line 2: FieldNotFound: The record has no eventTime\n`);
  });

  test("exits with 1 when a file cannot be read to its end", async () => {
    await using server = await fakeServer(acceptAll);
    const name = await file("cut.json.gz", gzipSync('[{"a":1}]').subarray(0, -9));

    const { code, err } = await opentrail(["put-records", "--endpoint", server.url, name]);

    expect(code).toBe(1);
    expect(err).toContain(`unreadable: ${name}: `);
  });

  test("exits with 1 when a named file is not there", async () => {
    const { code, err } = await opentrail(["put-records", "nowhere.json"]);

    expect({ code, err }).toEqual({ code: 1, err: "opentrail: There is no file or folder nowhere.json\n" });
  });

  test("--retime moves files and standard input by one amount, the newest to now", async () => {
    await using server = await fakeServer(acceptAll);
    const name = await file("old.jsonl", '{"eventTime":"2020-01-01T00:00:00Z"}\n');

    const { code } = await opentrail(["put-records", "--retime", "--endpoint", server.url, name, "-"], {
      input: Buffer.from('[{"eventTime":"2020-01-01T01:00:00Z"}]'),
    });

    const times = server.seen
      .flatMap(({ body }) => sliceRecords(body))
      .map((record) => Date.parse(JSON.parse(record.toString()).eventTime));
    const newest = Math.max(...times);
    expect(code).toBe(0);
    expect(newest - Math.min(...times)).toBe(3_600_000);
    expect(Math.abs(Date.now() - newest)).toBeLessThan(60_000);
  });

  test("requests are signed with the keys of the environment", async () => {
    await using server = await fakeServer(acceptAll);
    const name = await file("signed.jsonl", '{"a":1}\n');
    const env = { AWS_ACCESS_KEY_ID: "111122223333", AWS_SECRET_ACCESS_KEY: "secret" };

    await opentrail(["put-records", "--endpoint", server.url, "--region", "eu-west-1", name], { env });

    expect(server.seen[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=111122223333\/\d{8}\/eu-west-1\/cloudtrail\/aws4_request/,
    );
  });
});

describe("opentrail status", () => {
  test("shows ingest, stages, trails, rules and errors", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: STATUS }));

    const { code, out } = await opentrail(["status", "--endpoint", server.url]);

    expect(code).toBe(0);
    expect(server.seen.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual([
      "GET /_opentrail/status",
    ]);
    for (const shown of [
      "OpenTrail 0.1.0 (embedded host)",
      "1,500 received = 1,499 accepted + 1 rejected; 3 that no trail wanted",
      "10 trail deleted",
      "trail/shop-trail",
      "ResourceNotFoundException (last success: none)",
      "starts it again",
      "no such log group",
    ]) {
      expect(out).toContain(shown);
    }
  });

  test("of a host that counts in CloudWatch shows queues and trails, and says where the counts are", async () => {
    const { version, trails } = STATUS;
    const stages = [{ name: "history", ready: 7, inFlight: 0, oldestAgeSeconds: null, deadLetters: 3 }];
    const json = { version, host: "aws", stages, trails } satisfies EndpointStatus;
    await using server = await fakeServer(() => ({ status: 200, json }));

    const { code, out } = await opentrail(["status", "--endpoint", server.url]);

    expect(code).toBe(0);
    expect(out).toMatch(/^OpenTrail 0\.1\.0 \(aws host\)/);
    expect(out).toMatch(/history +7 +0 +- +3/);
    expect(out).toContain("trail/shop-trail");
    expect(out).toContain("counted in CloudWatch");
  });

  test("--json gives the answer as it is", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: STATUS }));

    const { out } = await opentrail(["status", "--json", "--endpoint", server.url]);

    expect(JSON.parse(out)).toEqual(STATUS);
  });

  test("an answer with an error is told with its status and message", async () => {
    await using server = await fakeServer(() => ({ status: 403, json: { message: "no such key" } }));

    const { code, err } = await opentrail(["status", "--endpoint", server.url]);

    expect({ code, err }).toEqual({ code: 1, err: `opentrail: ${server.url} answered 403: no such key\n` });
  });
});

const LETTER: DeadLetterDetail = {
  id: "7",
  queue: "log-groups",
  sentAt: "2026-02-11T04:00:00.000Z",
  receiveCount: 10,
  reason: "no such log group",
  bytes: 812,
  block: {
    id: "abc",
    acceptedAt: "2026-02-11T03:59:59.000Z",
    accountId: "111122223333",
    trailArns: ["arn:aws:cloudtrail:us-east-1:111122223333:trail/shop-trail"],
    records: 2,
    firstRecords: [{ eventName: "GetUser" }, { eventName: "ListUsers" }],
  },
};

describe("opentrail dead-letters", () => {
  test("lists them, of one queue where that is asked for, and says when there are more", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: { deadLetters: [LETTER], total: 3 } }));

    const { code, out } = await opentrail([
      "dead-letters",
      "--queue",
      "log-groups",
      "--limit",
      "1",
      "--endpoint",
      server.url,
    ]);

    expect(code).toBe(0);
    expect(server.seen[0]?.path).toBe("/_opentrail/dead-letters?limit=1&queue=log-groups");
    expect(out).toContain("no such log group");
    expect(out).toContain("1 of 3");
  });

  test("shows one with the records in it", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: LETTER }));

    const { out } = await opentrail(["dead-letters", "show", "7", "--endpoint", server.url]);

    expect(server.seen[0]?.path).toBe("/_opentrail/dead-letters/7");
    expect(out).toContain("2 records");
    expect(out).toContain('{"eventName":"ListUsers"}');
    expect(out).toContain("trail/shop-trail");
  });

  test("shows one whose body cannot be decoded", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: { ...LETTER, block: null } }));

    const { code, out } = await opentrail(["dead-letters", "show", "7", "--endpoint", server.url]);

    expect(code).toBe(0);
    expect(out).toContain("cannot be decoded");
  });

  test("sends all again", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: { sentAgain: 3, notFound: [] } }));

    const { code, out } = await opentrail(["dead-letters", "send-again", "--all", "--endpoint", server.url]);

    expect(JSON.parse(String(server.seen[0]?.body))).toEqual({ all: true });
    expect({ code, out }).toEqual({ code: 0, out: "Sent again: 3 messages\n" });
  });

  test("sends all again in as many calls as it takes, and leaves alone what fails again", async () => {
    const answers = [
      { sentAgain: 3, left: 4 },
      { sentAgain: 3, left: 2 },
      { sentAgain: 1, left: 1 },
      { sentAgain: 1, left: 0 },
    ];
    await using server = await fakeServer((_request, count) => ({
      status: 200,
      json: { ...answers[count - 1], notFound: [] },
    }));

    const all = await opentrail(["dead-letters", "send-again", "--all", "--endpoint", server.url]);

    expect(all).toEqual({
      code: 1,
      out: "Sent again: 7 messages\n",
      err: "opentrail: Left: 1 dead letter. See them: opentrail dead-letters\n",
    });
    expect(server.seen).toHaveLength(3);
  });

  test("says how many are left, and exits with 1, when the queues hand out no more", async () => {
    const answers = [
      { sentAgain: 3, left: 4 },
      { sentAgain: 0, left: 4 },
    ];
    await using server = await fakeServer((_request, count) => ({
      status: 200,
      json: { ...answers[count - 1], notFound: [] },
    }));

    const all = await opentrail(["dead-letters", "send-again", "--all", "--endpoint", server.url]);

    expect(all).toEqual({
      code: 1,
      out: "Sent again: 3 messages\n",
      err: "opentrail: Left: 4 dead letters. See them: opentrail dead-letters\n",
    });
  });

  test("exits with 0 when it took several calls and none is left", async () => {
    const answers = [
      { sentAgain: 3, left: 2 },
      { sentAgain: 2, left: 0 },
    ];
    await using server = await fakeServer((_request, count) => ({
      status: 200,
      json: { ...answers[count - 1], notFound: [] },
    }));

    const all = await opentrail(["dead-letters", "send-again", "--all", "--endpoint", server.url]);

    expect(all).toEqual({ code: 0, out: "Sent again: 5 messages\n", err: "" });
  });

  test("sends named ones again, and exits with 1 when one is not there", async () => {
    await using server = await fakeServer(() => ({ status: 200, json: { sentAgain: 1, notFound: ["8"] } }));

    const { code, out, err } = await opentrail([
      "dead-letters",
      "send-again",
      "7",
      "8",
      "--endpoint",
      server.url,
    ]);

    expect(JSON.parse(String(server.seen[0]?.body))).toEqual({ ids: ["7", "8"] });
    expect({ code, out, err }).toEqual({
      code: 1,
      out: "Sent again: 1 message\n",
      err: "opentrail: No dead letters: 8\n",
    });
  });
});
