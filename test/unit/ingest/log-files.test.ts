import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryImportStore } from "../../../shared/adapters/memory/import-store.ts";
import { MemoryMetrics } from "../../../shared/adapters/memory/metrics.ts";
import type { LogFileReport } from "../../../shared/ingest/import-log-file.ts";
import { MAX_LOG_FILE_BYTES } from "../../../shared/ingest/import-log-file.ts";
import type { IngestReport, IngestRequest } from "../../../shared/ingest/ingest.ts";
import { type LogFileDependencies, makeTakeLogFiles } from "../../../shared/ingest/log-files.ts";
import type { ImportStore } from "../../../shared/ports/import-store.ts";
import { FakeSourceFiles } from "../../support/source-files.ts";

const BUCKET = "trail-logs";
const FOLDER = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31";
const KEY = `${FOLDER}/111122223333_CloudTrail_us-east-1_20260131T1205Z_AbCdEf0123456789.json.gz`;
const NOW = Date.UTC(2026, 0, 31, 12, 10);
const OWN_ROLE = "arn:aws:iam::111122223333:role/opentrail";

let files: FakeSourceFiles;
let clock: MemoryClock;
let imports: ImportStore;
let metrics: MemoryMetrics;
let requests: IngestRequest[];
let reports: LogFileReport[];

beforeEach(() => {
  files = new FakeSourceFiles();
  clock = new MemoryClock(NOW);
  imports = new MemoryImportStore(clock, 24 * 60 * 60_000);
  metrics = new MemoryMetrics();
  requests = [];
  reports = [];
});

function take(changes: Partial<LogFileDependencies> = {}) {
  return makeTakeLogFiles({
    files,
    imports,
    clock,
    metrics,
    own: { roles: [OWN_ROLE], resources: [] },
    emitsRecent: false,
    reportRefused: (_, report) => reports.push(report),
    ingest: takeAll,
    ...changes,
  });
}

/** Takes every record but those that have no eventName. */
async function takeAll(request: IngestRequest): Promise<IngestReport> {
  requests.push(request);
  const fields = request.records.map((text) => JSON.parse(text.toString()));
  const leftOut = fields.filter((each) => request.leaveOut?.(each)).length;
  const rejected = fields.flatMap(({ eventName }, index) =>
    eventName === undefined ? [{ index, code: "FieldNotFound", message: "The record has no eventName" }] : [],
  );
  return { accepted: fields.length - rejected.length - leftOut, rejected, leftOut };
}

function logFile(records: readonly object[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

function records(count: number, from = 0): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ eventName: `E${from + index}` }));
}

function message(id: string, key: string | readonly string[] = KEY) {
  return { id, body: Buffer.from(JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [key].flat() })) };
}

function taken(): readonly string[] {
  return requests.flatMap((request) => request.records.map((text) => JSON.parse(text.toString()).eventName));
}

function counted(): object {
  const reasons = ["test-event", "validation-message", "not-a-log-file", "own-log-file", "already-imported"];
  const skipped = reasons.flatMap((reason) => {
    const count = metrics.read("SourceFilesSkipped", { reason });
    return count === 0 ? [] : [[reason, count] as const];
  });
  return {
    imported: metrics.read("SourceFilesImported"),
    failed: metrics.read("SourceFilesFailed"),
    skipped: Object.fromEntries(skipped),
  };
}

describe("a batch of messages", () => {
  it("a log file's records go to the account of its key, byte for byte, and are not for the event bus", async () => {
    const text = '{"eventName" : "A", "n": 1.0}';
    files.put(BUCKET, KEY, gzipSync(`{"Records":[${text}]}`));

    const failed = await take()([message("a")]);

    expect(failed.size).toBe(0);
    expect(requests[0]?.records.map(String)).toEqual([text]);
    expect(requests[0]).toMatchObject({ accountId: "111122223333", origin: "log-file", mayImport: true });
    expect(counted()).toEqual({ imported: 1, failed: 0, skipped: {} });
  });

  it("a file that is not compressed is told by its bytes", async () => {
    files.put(BUCKET, KEY, Buffer.from(JSON.stringify({ Records: records(2) })));

    await take()([message("a")]);

    expect(taken()).toEqual(["E0", "E1"]);
  });

  it("a file is imported once, whichever messages tell of it; written anew it is another file", async () => {
    files.put(BUCKET, KEY, logFile(records(2)));
    const takeLogFiles = take();
    await takeLogFiles([message("a")]);
    await takeLogFiles([message("b")]);
    files.put(BUCKET, KEY, logFile(records(1, 7)));

    const failed = await takeLogFiles([message("c")]);

    expect(failed.size).toBe(0);
    expect(taken()).toEqual(["E0", "E1", "E7"]);
    expect(counted()).toEqual({ imported: 2, failed: 0, skipped: { "already-imported": 1 } });
    expect(files.unclosed).toBe(0);
  });

  it("a file that a batch names several times is taken once, and all its messages are done", async () => {
    files.put(BUCKET, KEY, logFile(records(2)));

    const failed = await take()([message("a"), message("b", [KEY, KEY])]);

    expect(failed.size).toBe(0);
    expect(taken()).toEqual(["E0", "E1"]);
    expect(files.read).toEqual([KEY]);
    expect(counted()).toEqual({ imported: 1, failed: 0, skipped: { "already-imported": 2 } });
  });

  it("a file that a batch names several times and that fails fails for each of its messages, and no other", async () => {
    files.put(BUCKET, KEY, logFile(records(1)));
    const missing = KEY.replace("AbCd", "Gone");

    const failed = await take()([message("a", missing), message("b", [KEY, missing]), message("c")]);

    expect([...failed.keys()]).toEqual(["a", "b"]);
    expect(failed.get("b")?.message).toContain(missing);
    expect(counted()).toEqual({ imported: 1, failed: 2, skipped: { "already-imported": 1 } });
  });

  it("a file that is of no interest is skipped as often as it is named", async () => {
    files.put(BUCKET, KEY, logFile(records(2)), { isOwn: true });

    await take()([message("a"), message("b")]);

    expect(counted()).toEqual({ imported: 0, failed: 0, skipped: { "own-log-file": 2 } });
  });

  it.each([
    ["not-a-log-file", message("a", "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/x.json.gz")],
    ["test-event", { id: "a", body: Buffer.from('{"Service":"Amazon S3","Event":"s3:TestEvent"}') }],
    ["validation-message", { id: "a", body: Buffer.from("CloudTrail validation message.") }],
  ])("%s is counted and skipped", async (reason, each) => {
    const failed = await take()([each]);

    expect(failed.size).toBe(0);
    expect(counted()).toEqual({ imported: 0, failed: 0, skipped: { [reason]: 1 } });
  });

  it("a log file that OpenTrail wrote is left alone: a trail may deliver into the bucket that is its source", async () => {
    files.put(BUCKET, KEY, logFile(records(2)), { isOwn: true });

    const failed = await take()([message("a")]);

    expect([failed.size, requests.length]).toEqual([0, 0]);
    expect(counted()).toEqual({ imported: 0, failed: 0, skipped: { "own-log-file": 1 } });
  });

  it.each(["CloudTrail-Insight", "CloudTrail-NetworkActivity", "CloudTrail-Aggregated"])(
    "a file of %s is taken",
    async (folder) => {
      const key = KEY.replaceAll("CloudTrail", folder);
      files.put(BUCKET, key, logFile(records(1)));

      await take()([message("a", key)]);

      expect(taken()).toEqual(["E0"]);
    },
  );

  it("an object that is missing fails by its message, with the reason, and no other", async () => {
    files.put(BUCKET, KEY, logFile(records(1)));
    const missing = KEY.replace("AbCd", "Gone");

    const failed = await take()([message("gone", missing), message("there")]);

    expect([...failed].map(([id, { message: reason }]) => [id, reason])).toEqual([
      [
        "gone",
        `s3://${BUCKET}/${missing} was not imported: NoSuchKey: there is no s3://${BUCKET}/${missing}`,
      ],
    ]);
    expect(counted()).toEqual({ imported: 1, failed: 1, skipped: {} });
  });

  it("a message of two files of which one fails comes again, and the other file is not taken twice", async () => {
    const other = KEY.replace("AbCd", "Late");
    files.put(BUCKET, KEY, logFile(records(1)));
    const takeLogFiles = take();
    const first = await takeLogFiles([message("a", [KEY, other])]);
    files.put(BUCKET, other, logFile(records(1, 1)));

    const second = await takeLogFiles([message("a", [KEY, other])]);

    expect([first.size, second.size]).toEqual([1, 0]);
    expect(taken()).toEqual(["E0", "E1"]);
  });

  it("records that are refused cost no others, and are told by their places in the file", async () => {
    files.put(BUCKET, KEY, logFile([...records(6_000), { no: "name" }, ...records(1, 6_000)]));

    const failed = await take()([message("a")]);

    expect(failed.size).toBe(0);
    expect(taken()).toHaveLength(6_002);
    expect(reports).toEqual([
      {
        accepted: 6_001,
        leftOut: 0,
        refused: 1,
        firstRefused: [{ index: 6_000, code: "FieldNotFound", message: "The record has no eventName" }],
      },
    ]);
  });
});

describe("calls that the stack causes", () => {
  const own = {
    eventName: "PutObject",
    userIdentity: { sessionContext: { sessionIssuer: { arn: OWN_ROLE } } },
  };
  const cloudTrailsPut = {
    eventName: "PutObject",
    userIdentity: { type: "AWSService", invokedBy: "cloudtrail.amazonaws.com" },
    resources: [{ type: "AWS::S3::Object", ARN: `arn:aws:s3:::${BUCKET}/${FOLDER}/x.json.gz` }],
  };
  const kmsOfThatPut = {
    eventName: "GenerateDataKey",
    userIdentity: { type: "AWSService", invokedBy: "cloudtrail.amazonaws.com" },
    requestParameters: { encryptionContext: { "aws:s3:arn": `arn:aws:s3:::${BUCKET}/${FOLDER}/x.json.gz` } },
  };
  const anotherServices = {
    ...cloudTrailsPut,
    userIdentity: { type: "AWSService", invokedBy: "macie.amazonaws.com" },
  };
  const elsewhere = { ...cloudTrailsPut, resources: [{ ARN: "arn:aws:s3:::another-bucket/x" }] };

  it("its roles' calls, and CloudTrail's puts of the very files that are read, are left out and counted", async () => {
    files.put(BUCKET, KEY, logFile([own, cloudTrailsPut, kmsOfThatPut, elsewhere, anotherServices]));

    await take()([message("a")]);

    const request = requests[0];
    expect(
      [own, cloudTrailsPut, kmsOfThatPut, elsewhere, anotherServices].map((each) =>
        request?.leaveOut?.(each),
      ),
    ).toEqual([true, true, true, false, false]);
    expect(metrics.read("OwnCallsDropped")).toBe(3);
  });

  it("are taken where a setting says so", async () => {
    files.put(BUCKET, KEY, logFile([own, cloudTrailsPut]));

    await take({ own: undefined })([message("a")]);

    expect([own, cloudTrailsPut].map((each) => requests[0]?.leaveOut?.(each))).toEqual([false, false]);
  });
});

describe("emission", () => {
  it.each([
    ["delivered lately", NOW, "api"],
    ["delivered days ago", NOW + 25 * 60 * 60_000, "log-file"],
  ])("where a setting asks for it, records of a file %s are of origin %3$s", async (_, now, origin) => {
    clock.advance(now - NOW);
    files.put(BUCKET, KEY, logFile(records(1)));

    await take({ emitsRecent: true })([message("a")]);

    expect(requests[0]?.origin).toBe(origin);
  });
});

describe("an import that is interrupted", () => {
  it("goes on after the last part that was noted, and repeats none", async () => {
    files.put(BUCKET, KEY, logFile(records(12_000)));
    let calls = 0;
    const takeLogFiles = take({
      ingest: async (request) => {
        calls += 1;
        if (calls === 2) throw new Error("The topic does not answer");
        return takeAll(request);
      },
    });
    const first = await takeLogFiles([message("a")]);

    const second = await takeLogFiles([message("a")]);

    expect([...first.values()].map(({ message: reason }) => reason)).toEqual([
      `s3://${BUCKET}/${KEY} was not imported: The topic does not answer`,
    ]);
    expect(second.size).toBe(0);
    expect(taken()).toEqual(records(12_000).map((_, index) => `E${index}`));
  });

  it("by the end of the process between publishing and noting repeats that part alone, once the lease has ended", async () => {
    files.put(BUCKET, KEY, logFile(records(12_000)));
    const crashing = (crashed: boolean): ImportStore => ({
      claim: (...all) => imports.claim(...all),
      read: (...all) => imports.read(...all),
      note: async (file, lease, progress) => {
        if (crashed && progress.records > 5_000) throw new Error("The process has ended");
        return imports.note(file, lease, progress);
      },
    });
    // Of a process that has ended, the file is not given back either.
    await take({ imports: crashing(true) })([message("a")]);

    const tooSoon = await take()([message("a")]);
    clock.advance(5 * 60_000);
    const failed = await take()([message("a")]);

    expect([...tooSoon.values()].map(({ message: reason }) => reason).join()).toContain("is being imported");
    expect(failed.size).toBe(0);
    const names = taken();
    expect(names).toHaveLength(17_000);
    expect(new Set(names).size).toBe(12_000);
    expect(names.filter((name, index) => names.indexOf(name) !== index).at(0)).toBe("E5000");
  });

  it("by somebody else's taking over stops, since they go on", async () => {
    files.put(BUCKET, KEY, logFile(records(12_000)));
    const failed = await take({
      ingest: async (request) => {
        clock.advance(6 * 60_000);
        const [name = ""] = [`${BUCKET}/${KEY}#${(await files.open(BUCKET, KEY)).etag}`];
        await imports.claim(name, { owner: "another", until: clock.now() + 60_000 });
        return takeAll(request);
      },
    })([message("a")]);

    expect(failed.get("a")?.message).toContain("taken the import over");
    expect(requests).toHaveLength(1);
  });
});

describe("a file that cannot be imported", () => {
  it("is refused whole when it is over 50 MiB, and not read", async () => {
    files.put(BUCKET, KEY, logFile(records(1)), { size: MAX_LOG_FILE_BYTES + 1 });

    const failed = await take()([message("a")]);

    expect(failed.get("a")?.message).toContain("has 52428801 bytes, and 52428800 is the most");
    expect([files.read, files.unclosed]).toEqual([[], 0]);
  });

  it("because it is cut short fails each time, and what stands before the break is taken once", async () => {
    const whole = JSON.stringify({ Records: records(7_000) });
    files.put(BUCKET, KEY, gzipSync(whole.slice(0, whole.indexOf('"E6500"'))));
    const takeLogFiles = take();

    const failures = [await takeLogFiles([message("a")]), await takeLogFiles([message("a")])];

    expect(failures.map((failed) => failed.get("a")?.message)).toEqual(
      Array(2).fill(
        `s3://${BUCKET}/${KEY} was not imported: the input ends inside a JSON text, after record 6500`,
      ),
    );
    expect(taken()).toEqual(records(6_500).map((_, index) => `E${index}`));
  });

  it("because its gzip is damaged says so", async () => {
    const damaged = logFile(records(1_000));
    damaged.fill(0xff, 100, 200);
    files.put(BUCKET, KEY, damaged);

    const failed = await take()([message("a")]);

    expect(failed.get("a")?.message).toMatch(/was not imported: (invalid|incorrect|unexpected)/);
  });
});

describe("a large file", () => {
  it("is taken in parts of at most 5,000 records and 4 MiB", async () => {
    const large = Array.from({ length: 600 }, (_, index) => ({
      eventName: `E${index}`,
      pad: "x".repeat(20_000),
    }));
    files.put(BUCKET, KEY, logFile([...records(5_001), ...large]));

    await take()([message("a")]);

    const sizes = requests.map(({ records: texts }) => ({
      records: texts.length,
      bytes: texts.reduce((sum, text) => sum + text.length, 0),
    }));
    expect(sizes.reduce((sum, part) => sum + part.records, 0)).toBe(5_601);
    expect(sizes.every((part) => part.records <= 5_000 && part.bytes <= 4 * 1024 * 1024)).toBe(true);
    expect(sizes.length).toBeLessThan(8);
  });
});
