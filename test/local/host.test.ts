import { statSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { startEmbeddedHost } from "../../local/host.ts";
import { makeTrail, putRecords, readStatus, waitUntilDelivered } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost, testHostOptions } from "../support/embedded-host.ts";
import { countEventIds, readLogFiles } from "../support/log-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const BUCKET = "host-test-logs";
const HOUR = 3_600_000;

let host: TestHost;
afterEach(() => host.remove());

/** Sends a record of its own, and answers its id. */
async function sendOne(endpoint: string): Promise<string> {
  const eventID = crypto.randomUUID();
  expect((await putRecords(endpoint, recordLine({ eventID }))).status).toBe(200);
  return eventID;
}

test("a second host on the same data folder is refused, and told who has it and what to do", async () => {
  host = await startTestHost();

  const second = startEmbeddedHost(testHostOptions(host.dataDir));

  await expect(second).rejects.toMatchObject({
    name: "DataFolderInUse",
    message: expect.stringMatching(
      new RegExp(`in use by another OpenTrail \\(process ${process.pid}\\).*--data-dir`),
    ),
  });
  expect((await fetch(`${host.endpoint}/_opentrail/health`)).status).toBe(200);
});

test("a host that cannot have its port leaves the data folder to the next one", async () => {
  host = await startTestHost();
  const port = Number(new URL(host.endpoint).port);
  const dataDir = path.join(host.dataDir, "another");

  await expect(startEmbeddedHost({ ...testHostOptions(dataDir), port })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  const next = await startEmbeddedHost(testHostOptions(dataDir));
  await next.stop();
});

test("stop delivers what is gathered, whatever the window, and gives the folder free", async () => {
  host = await startTestHost({ deliveryInterval: HOUR });
  await makeTrail(host.endpoint, "stopped", BUCKET);
  const ids = await Promise.all(Array.from({ length: 20 }, () => sendOne(host.endpoint)));
  const before = host.records(BUCKET);

  await host.stop();

  expect(before).toEqual([]);
  expect(host.records(BUCKET).map(({ eventID }) => eventID)).toEqual(expect.arrayContaining(ids));
  const next = await startEmbeddedHost(testHostOptions(host.dataDir));
  const { stages } = await readStatus(next.endpoint);
  await next.stop();
  expect(stages.every(({ ready, inFlight }) => ready + inFlight === 0)).toBe(true);
});

test("what a destination did not take before the stop, the next host delivers, once", async () => {
  const first = await startTestHost({
    intercept: {
      objects: (store) => ({
        putNew: () => Promise.reject(new Error("S3 does not answer")),
        head: (bucket, key) => store.head(bucket, key),
        bucketExists: (bucket) => store.bucketExists(bucket),
      }),
    },
  });
  await makeTrail(first.endpoint, "handed-on", BUCKET);
  const eventID = await sendOne(first.endpoint);
  await first.stop();

  host = await startTestHost({ dataDir: first.dataDir });
  await waitUntilDelivered(host.endpoint, 10_000);

  expect(countEventIds(readLogFiles(first.dataDir, BUCKET)).get(eventID)).toBe(1);
  await first.remove();
});

test("six megabytes that are ready do not wait for the window", async () => {
  host = await startTestHost({ deliveryInterval: HOUR });
  await makeTrail(host.endpoint, "full-batch", BUCKET);
  await sendOne(host.endpoint);
  const filler = (): string => crypto.getRandomValues(Buffer.alloc(30_000)).toString("base64");
  const call = (): string =>
    Array.from({ length: 50 }, () => recordLine({ requestParameters: filler() })).join("\n");

  for (let calls = 0; calls < 5; calls += 1) {
    await putRecords(host.endpoint, call());
  }

  await vi.waitFor(() => expect(host.records(BUCKET).length).toBeGreaterThan(100), {
    timeout: 25_000,
    interval: 50,
  });
});

test("the data folder is readable for its owner alone", async () => {
  const parent = temporaryFolder();
  host = await startTestHost({ dataDir: path.join(parent.path, "data") });

  const { mode } = statSync(host.dataDir);

  expect(mode & 0o077).toBe(0);
  await host.stop();
  parent.remove();
});
