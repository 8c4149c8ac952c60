import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { folderLogBuckets } from "../../shared/adapters/local/log-buckets.ts";
import { validateLogs } from "../../shared/integrity/validate-logs.ts";
import {
  deleteTrail,
  makeTrail,
  putRecords,
  readPublicKeys,
  waitUntilDelivered,
} from "../support/embedded-client.ts";
import { type HostProcess, startHostProcess } from "../support/host-process.ts";
import { countEventIds, readLogFiles } from "../support/log-files.ts";

/*
 * Kills the embedded host with SIGKILL at random moments while records come in, starts it again on the same data
 * folder, and at the end holds the log files against what was acknowledged: each acknowledged record stands in
 * them exactly once, each other one at most once, and nothing stands there that was never sent.
 *
 *   node test/faults/kill.ts --rounds 100
 *
 * With --digests, the trail has log file validation, with a digest a second: the chain must be valid in each region, and
 * no log file be left out of it.
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "10" }, digests: { type: "boolean", default: false } },
});
const rounds = Number(values.rounds);

const BUCKET = "kill-test-logs";
const WRITERS = 4;
const LONGEST_LIFE_MS = 1_200;
const DRAIN_MS = 120_000;
const OPTIONS = ["--delivery-interval", "100ms", "--digest-interval", "1s"];
const REGIONS = ["us-east-1", "eu-west-1"];
const dataDir = mkdtempSync(path.join(tmpdir(), "opentrail-kill-"));

/** What became of the records that were sent, by eventID. */
const acknowledged = new Set<string>();
const unanswered = new Set<string>();

let host = await startHostProcess(dataDir, OPTIONS);
await makeTrail(host.endpoint, "kill-test", BUCKET, { EnableLogFileValidation: values.digests });
const startedAt = Date.now();

for (let round = 1; round <= rounds; round += 1) {
  const life = Math.random() * LONGEST_LIFE_MS;
  const writers = Promise.all(Array.from({ length: WRITERS }, () => writeUntilGone(host)));
  await new Promise((resolve) => setTimeout(resolve, life));
  await host.kill();
  await writers;
  host = await startHostProcess(dataDir, OPTIONS);
  console.log(
    `round ${round}: killed after ${life.toFixed(0)} ms, ${acknowledged.size} records acknowledged`,
  );
}

const status = await waitUntilDelivered(host.endpoint, DRAIN_MS);
const digestFaults = values.digests ? await faultsOfDigests(host) : [];
const exitCode = await host.stop();
const found = countEventIds(readLogFiles(dataDir, BUCKET));

const lost = [...acknowledged].filter((id) => !found.has(id));
const doubled = [...found].filter(([, count]) => count > 1).map(([id]) => id);
const unknown = [...found.keys()].filter(
  (id) => id.startsWith("sent-") && !acknowledged.has(id) && !unanswered.has(id),
);
const deadLetters = status.stages.reduce((sum, stage) => sum + stage.deadLetters, 0);
const figures = {
  rounds,
  acknowledged: acknowledged.size,
  unanswered: unanswered.size,
  unansweredButDelivered: [...unanswered].filter((id) => found.has(id)).length,
  lost: lost.length,
  doubled: doubled.length,
  unknown: unknown.length,
  deadLetters,
  digestFaults,
  exitCode,
};
console.log(JSON.stringify(figures, null, 2));
if (
  acknowledged.size === 0 ||
  lost.length + doubled.length + unknown.length + deadLetters + digestFaults.length > 0 ||
  exitCode !== 0
) {
  console.error(`The log files do not match what was acknowledged. The data folder is kept: ${dataDir}`);
  process.exit(1);
}
rmSync(dataDir, { recursive: true });

/**
 * Deletes the trail, waits for its last digests, and validates each region. Besides faults it answers log files that no
 * digest lists or that two do, and a chain that was broken before its end.
 */
async function faultsOfDigests({ endpoint }: HostProcess): Promise<readonly string[]> {
  const faults: string[] = [];
  await deleteTrail(endpoint, "kill-test");
  await waitUntilDelivered(endpoint, DRAIN_MS);
  // A last digest is made when the end is seen, a second later.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const keys = new Map((await readPublicKeys(endpoint)).map((key) => [key.fingerprint, key]));
  const buckets = folderLogBuckets(dataDir);
  const delivered = new Set(readLogFiles(dataDir, BUCKET).keys());
  for (const region of REGIONS) {
    const report = await validateLogs(
      {
        trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/kill-test",
        period: { start: startedAt - 60_000, end: Date.now() },
        region,
        accountId: "111122223333",
        destination: { s3BucketName: BUCKET },
        allowUnlisted: false,
      },
      { buckets, findKey: async (fingerprint) => keys.get(fingerprint), concurrency: 16 },
    );
    const listed = report.findings.filter(({ kind }) => kind === "log").map(({ key }) => key);
    const digests = report.findings.filter(({ kind }) => kind !== "log");
    console.log(`${region}: ${digests.length} digest files, ${listed.length} log files`);
    faults.push(
      ...report.notes,
      ...report.findings.flatMap(({ key, fault }) => (fault ? [`${key}: ${fault}`] : [])),
    );
    faults.push(
      ...report.unproven.filter(({ kind }) => kind !== "open").map((gap) => `gap: ${JSON.stringify(gap)}`),
    );
    if (new Set(listed).size !== listed.length) {
      faults.push(`${region}: a log file is in two digests`);
    }
    for (const key of listed) {
      delivered.delete(key);
    }
  }
  return [...faults, ...[...delivered].map((key) => `${key}: no digest file lists it`)];
}

/** Sends calls of 1 to 200 records, one after the other, until the host does not answer. */
async function writeUntilGone({ endpoint }: HostProcess): Promise<void> {
  for (;;) {
    const ids = Array.from({ length: 1 + Math.floor(Math.random() * 200) }, () => `sent-${randomUUID()}`);
    for (const id of ids) {
      unanswered.add(id);
    }
    try {
      const response = await putRecords(endpoint, ids.map(recordText).join("\n"));
      const { accepted } = (await response.json()) as { accepted?: number };
      if (response.status !== 200 || accepted !== ids.length) {
        throw new Error(`The host answered ${response.status} and accepted ${accepted} of ${ids.length}`);
      }
    } catch (error) {
      if (error instanceof TypeError) {
        return;
      }
      throw error;
    }
    for (const id of ids) {
      unanswered.delete(id);
      acknowledged.add(id);
    }
  }
}

function recordText(eventID: string): string {
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: { type: "IAMUser", userName: "alice", accountId: "111122223333" },
    eventTime: new Date().toISOString().replace(/\.\d+/, ""),
    eventSource: "ec2.amazonaws.com",
    eventName: "RunInstances",
    awsRegion: Math.random() < 0.8 ? "us-east-1" : "eu-west-1",
    sourceIPAddress: "192.0.2.10",
    requestParameters: { instanceType: "t3.micro", maxCount: 1 },
    eventID,
    eventType: "AwsApiCall",
    recipientAccountId: "111122223333",
    eventCategory: "Management",
    readOnly: false,
  });
}
