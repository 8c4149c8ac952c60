import { CloudTrailClient, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, expect, test, vi } from "vitest";
import type { EmbeddedHostOptions } from "../../local/host.ts";
import type { StageStatus, StatusReport } from "../../shared/api/status.ts";
import { TopicUnavailable } from "../../shared/ports/activity-topic.ts";
import { LogGroupNotFound } from "../../shared/ports/log-groups.ts";
import { BucketAccessDenied, BucketNotFound, type ObjectStore } from "../../shared/ports/object-store.ts";
import { clientSettings, putRecords, readStatus, waitUntilDelivered } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";
import { makeLogGroupTrail } from "../support/log-group-trail.ts";
import { runCommand } from "../support/run-command.ts";

const BUCKET = "fault-test-logs";
const GROUP = "fault-test";
const TRAIL = "fault-test";
const DRAIN_MS = 20_000;

let host: TestHost;
afterEach(() => host.remove());

/** Whether the destination of the test fails at the moment. */
interface Outage {
  failing: boolean;
}

async function start(changes: Partial<EmbeddedHostOptions>, outage: Outage): Promise<void> {
  host = await startTestHost(changes);
  await makeLogGroupTrail(host.endpoint, TRAIL, BUCKET, GROUP);
  await waitUntilDelivered(host.endpoint, DRAIN_MS);
  outage.failing = true;
}

/** Sends that many calls of ten records each, and answers their ids. All are acknowledged. */
async function send(calls: number): Promise<readonly string[]> {
  const sent: string[] = [];
  for (let call = 0; call < calls; call += 1) {
    const ids = Array.from({ length: 10 }, () => crypto.randomUUID());
    const response = await putRecords(
      host.endpoint,
      ids.map((eventID) => recordLine({ eventID })).join("\n"),
    );
    expect(await response.json()).toEqual({ accepted: 10, rejected: [] });
    sent.push(...ids);
  }
  return sent;
}

async function stageNamed(name: string): Promise<StageStatus> {
  const { stages } = await readStatus(host.endpoint);
  const stage = stages.find((candidate) => candidate.name === name);
  if (stage === undefined) {
    throw new Error(`There is no stage ${name}`);
  }
  return stage;
}

/** The stage has nothing left to deliver. */
async function drained(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await vi.waitFor(
      async () => {
        const { ready, inFlight } = await stageNamed(name);
        expect(ready + inFlight).toBe(0);
      },
      { timeout: DRAIN_MS, interval: 50 },
    );
  }
}

async function hasFailed(stage: string): Promise<void> {
  await vi.waitFor(async () => expect((await stageNamed(stage)).failed).toBeGreaterThan(0), {
    timeout: DRAIN_MS,
    interval: 20,
  });
}

function expectEachOnceInLogFiles(ids: readonly string[]): void {
  const found = host.records(BUCKET).map(({ eventID }) => eventID);
  expect(found.filter((id) => ids.includes(String(id))).sort()).toEqual([...ids].sort());
}

/** The ids of the records in the log group, as often as they stand there. */
async function logGroupIds(): Promise<readonly string[]> {
  const client = new CloudWatchLogsClient(clientSettings(host.endpoint));
  const ids: string[] = [];
  for (let nextToken: string | undefined; ; ) {
    const page = await client.send(
      new GetLogEventsCommand({
        logGroupName: GROUP,
        logStreamName: "111122223333_CloudTrail_us-east-1",
        startFromHead: true,
        ...(nextToken !== undefined && { nextToken }),
      }),
    );
    ids.push(...(page.events ?? []).map(({ message }) => JSON.parse(message ?? "{}").eventID));
    // At the end of the stream the token comes back that was sent.
    if (page.nextForwardToken === nextToken) {
      return ids;
    }
    nextToken = page.nextForwardToken;
  }
}

function expectBalance({ ingest, stages }: StatusReport): void {
  expect(ingest.received).toBe(ingest.accepted + ingest.rejected);
  for (const { name, received, delivered, skipped, failed } of stages) {
    const skippedInAll = Object.values(skipped).reduce((sum, count) => sum + count, 0);
    expect({ name, received }).toEqual({ name, received: delivered + skippedInAll + failed });
  }
}

/** S3 in front of the local store, which fails in one way or another while there is an outage. */
function failingS3(outage: Outage, putNew: (store: ObjectStore) => ObjectStore["putNew"]) {
  return (store: ObjectStore): ObjectStore => ({
    putNew: (...put) => (outage.failing ? putNew(store)(...put) : store.putNew(...put)),
    head: (bucket, key) =>
      outage.failing ? Promise.reject(new Error("S3 does not answer")) : store.head(bucket, key),
    bucketExists: (bucket) => store.bucketExists(bucket),
  });
}

const reject = (error: () => Error) => () => () => Promise.reject(error());

test.each([
  [
    "5xx",
    reject(() => Object.assign(new Error("Please reduce your request rate"), { name: "SlowDown" })),
    "SlowDown",
  ],
  [
    "timeouts",
    reject(() => Object.assign(new Error("socket hang up"), { name: "TimeoutError" })),
    "TimeoutError",
  ],
  ["a bucket that is gone", reject(() => new BucketNotFound("No bucket")), "NoSuchBucket"],
  ["access denied", reject(() => new BucketAccessDenied("No access")), "AccessDenied"],
  [
    "answers that are lost after the object was written",
    (store: ObjectStore): ObjectStore["putNew"] =>
      async (...put) => {
        await store.putNew(...put);
        throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
      },
    "TimeoutError",
  ],
] as const)(
  "while S3 has %s the others go on; afterwards each record is in the log files once",
  async (_what, putNew, code) => {
    const outage: Outage = { failing: false };
    await start({ intercept: { objects: failingS3(outage, putNew) } }, outage);
    const trails = new CloudTrailClient(clientSettings(host.endpoint));

    const ids = await send(20);
    await drained("log-groups", "event-bus");
    await hasFailed("log-files");
    const during = await trails.send(new GetTrailStatusCommand({ Name: TRAIL }));
    outage.failing = false;
    await drained("log-files");
    const after = await trails.send(new GetTrailStatusCommand({ Name: TRAIL }));

    expect(during.LatestDeliveryError).toBe(code);
    expect(after.LatestDeliveryError).toBeUndefined();
    expectEachOnceInLogFiles(ids);
    expect(await logGroupIds()).toEqual(expect.arrayContaining([...ids]));
    const status = await readStatus(host.endpoint);
    expectBalance(status);
    expect(status.lastErrors.some(({ stage }) => stage === "log-files")).toBe(true);
  },
);

test("while the log group is gone log files and bus go on; afterwards the log group has each record", async () => {
  const outage: Outage = { failing: false };
  await start(
    {
      intercept: {
        logGroups: (groups) => ({
          putLogEvents: (...put) =>
            outage.failing
              ? Promise.reject(new LogGroupNotFound("The log group does not exist"))
              : groups.putLogEvents(...put),
          groupExists: (group) => groups.groupExists(group),
        }),
      },
    },
    outage,
  );

  const ids = await send(20);
  await drained("log-files", "event-bus");
  await hasFailed("log-groups");
  const during = await logGroupIds();
  outage.failing = false;
  await drained("log-groups");

  expectEachOnceInLogFiles(ids);
  expect(during).not.toEqual(expect.arrayContaining([ids[0]]));
  expect((await logGroupIds()).filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
  expectBalance(await readStatus(host.endpoint));
});

test("entries that PutEvents refuses are put again, and those that it took are not", async () => {
  const outage: Outage = { failing: false };
  const taken: string[] = [];
  const refused = new Set<string>();
  await start(
    {
      intercept: {
        eventBus: () => ({
          putEvents: async (entries) =>
            entries.map(({ detail }) => {
              const { eventID } = JSON.parse(detail);
              if (outage.failing && Math.random() < 0.5 && !refused.has(eventID)) {
                refused.add(eventID);
                return { errorCode: "ThrottlingException", errorMessage: "Rate exceeded" };
              }
              taken.push(eventID);
              return undefined;
            }),
        }),
      },
    },
    outage,
  );

  const ids = await send(10);
  await drained("event-bus");

  expect(refused.size).toBeGreaterThan(0);
  expect(taken.filter((id) => ids.includes(id)).sort()).toEqual([...ids].sort());
  expectBalance(await readStatus(host.endpoint));
});

test("while the topic fails records are answered 503 with Retry-After, and none of them is half accepted", async () => {
  const outage: Outage = { failing: false };
  await start(
    {
      intercept: {
        topic: (topic) => ({
          publish: (blocks) =>
            outage.failing ? Promise.reject(new TopicUnavailable("disk full")) : topic.publish(blocks),
        }),
      },
    },
    outage,
  );
  const eventID = crypto.randomUUID();

  const refused = await putRecords(host.endpoint, recordLine({ eventID }));
  outage.failing = false;
  const accepted = await putRecords(host.endpoint, recordLine({ eventID }));
  await drained("log-files");

  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: "ServiceUnavailable" });
  expect(accepted.status).toBe(200);
  expectEachOnceInLogFiles([eventID]);
  expectBalance(await readStatus(host.endpoint));
});

test("what cannot be delivered is a dead letter, which the commands list, show and send again", async () => {
  const outage: Outage = { failing: false };
  const objects = failingS3(
    outage,
    reject(() => new BucketAccessDenied("The bucket policy says no")),
  );
  await start({ maxReceives: 3, intercept: { objects } }, outage);

  const ids = await send(3);
  await vi.waitFor(async () => expect((await stageNamed("log-files")).deadLetters).toBe(3), {
    timeout: DRAIN_MS,
    interval: 50,
  });
  await drained("log-files");
  const list = await runCommand(host.endpoint, "dead-letters", "list");
  const inJson = await runCommand(host.endpoint, "dead-letters", "list", "--queue", "log-files", "--json");
  const ofOthers = await runCommand(host.endpoint, "dead-letters", "list", "--queue", "event-bus");
  const letters = JSON.parse(inJson.out).deadLetters as readonly { id: string }[];
  const [first] = letters;
  const shown = await runCommand(host.endpoint, "dead-letters", "show", first?.id ?? "");
  const status = await runCommand(host.endpoint, "status");
  outage.failing = false;
  const again = await runCommand(host.endpoint, "dead-letters", "send-again", first?.id ?? "");
  await drained("log-files");
  const afterFirst = host.records(BUCKET).filter(({ eventID }) => ids.includes(String(eventID)));
  const all = await runCommand(host.endpoint, "dead-letters", "send-again", "--all");
  await drained("log-files");
  const unknown = await runCommand(host.endpoint, "dead-letters", "send-again", "999-log-files");

  expect(list.out).toContain("The bucket policy says no");
  expect(letters).toHaveLength(3);
  expect(ofOthers.out).toBe("There are no dead letters.\n");
  expect(shown.out).toMatch(/holds {6}10 records/);
  expect(shown.out).toContain(`trail/${TRAIL}`);
  expect(status.out).toContain("The bucket policy says no");
  expect(again).toMatchObject({ code: 0, out: "Sent again: 1 message\n" });
  expect(afterFirst).toHaveLength(10);
  expect(all).toMatchObject({ code: 0, out: "Sent again: 2 messages\n" });
  expect(unknown.code).toBe(1);
  expectEachOnceInLogFiles(ids);
  expect((await stageNamed("log-files")).deadLetters).toBe(0);
  expectBalance(await readStatus(host.endpoint));
});

test("the backlog of an outage is on disk: memory does not grow with it", async () => {
  const outage: Outage = { failing: false };
  const objects = failingS3(
    outage,
    reject(() => new Error("S3 does not answer")),
  );
  await start({ intercept: { objects } }, outage);
  const filler = (): string => crypto.getRandomValues(Buffer.alloc(6_000)).toString("base64");
  const body = (): string =>
    Array.from({ length: 500 }, () => recordLine({ requestParameters: filler() })).join("\n");
  await putRecords(host.endpoint, body());

  const before = process.memoryUsage();
  for (let call = 0; call < 40; call += 1) {
    expect((await putRecords(host.endpoint, body())).status).toBe(200);
  }
  await hasFailed("log-files");
  const after = process.memoryUsage();
  const backlog = await stageNamed("log-files");
  outage.failing = false;
  await drained("log-files");

  const growth = after.rss - before.rss;
  expect(backlog.ready + backlog.inFlight).toBeGreaterThanOrEqual(40);
  // 160 MB of records came in.
  expect(growth).toBeLessThan(400 * 1024 * 1024);
  expect(host.records(BUCKET).filter(({ eventName }) => eventName === "RunInstances")).toHaveLength(41 * 500);
}, 90_000);
