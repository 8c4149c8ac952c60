import { execFileSync, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeTrail, putRecords, waitUntilDelivered } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const BUCKET = "full-disk-logs";
const MEGABYTES = 24;

const folder = temporaryFolder();
const mounted =
  process.platform === "linux" &&
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${MEGABYTES}m`, "opentrail-test", folder.path]).status === 0;
const describeOnSmallDisk = mounted
  ? describe
  : (title: string, body: () => void) =>
      describe.skip(`${title} (skipped: it needs the right to mount)`, body);

afterAll(() => {
  if (mounted) {
    execFileSync("umount", [folder.path]);
  }
  folder.remove();
});

/** A call of 50 records that do not compress, some 200 KB. */
function call(): { readonly ids: readonly string[]; readonly body: string } {
  const ids = Array.from({ length: 50 }, () => crypto.randomUUID());
  const filler = (): string => crypto.getRandomValues(Buffer.alloc(3_000)).toString("base64");
  return {
    ids,
    body: ids.map((eventID) => recordLine({ eventID, requestParameters: filler() })).join("\n"),
  };
}

describeOnSmallDisk("a data folder on a disk that fills up", () => {
  const dataDir = path.join(folder.path, "data");
  const ballast = path.join(folder.path, "ballast");
  let host: TestHost;
  beforeAll(async () => {
    host = await startTestHost({ dataDir });
    await makeTrail(host.endpoint, "full-disk", BUCKET);
  });
  afterAll(() => host.remove());

  test("refuses with 503 while it is full, and loses and doubles nothing that was acknowledged", async () => {
    writeFileSync(ballast, Buffer.alloc((MEGABYTES / 2) * 1024 * 1024));
    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    const refused = new Set<string>();

    for (let calls = 0; calls < 150; calls += 1) {
      const { ids, body } = call();
      const { status } = await putRecords(host.endpoint, body);
      statuses.add(status);
      for (const id of ids) {
        if (status === 200) {
          acknowledged.push(id);
        } else {
          refused.add(id);
        }
      }
    }
    const healthWhileFull = await fetch(`${host.endpoint}/_opentrail/health`);
    rmSync(ballast);
    await waitUntilDelivered(host.endpoint, 30_000);
    const afterwards = await putRecords(host.endpoint, recordLine());
    await waitUntilDelivered(host.endpoint, 30_000);

    const found = host.records(BUCKET).map(({ eventID }) => String(eventID));
    const sent = new Set([...acknowledged, ...refused]);
    expect([...statuses].sort()).toEqual([200, 503]);
    expect(healthWhileFull.status).toBe(200);
    expect(afterwards.status).toBe(200);
    expect(found.filter((id) => sent.has(id) && !refused.has(id)).sort()).toEqual([...acknowledged].sort());
    expect(new Set(found).size).toBe(found.length);
  }, 120_000);
});
