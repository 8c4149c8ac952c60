import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { describeWithAwsCli, runCommand } from "../support/aws-cli.ts";
import { type DigestedTrail, HOUR, makeDigestedTrail } from "../support/digested-trail.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { type HostProcess, startHostProcess } from "../support/host-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { TAMPERINGS, TamperedBucket, type TamperingGround } from "./tampering.ts";

const BUCKET = "digest-test-logs";
const ACCOUNTS = ["111122223333", "444455556666"];
const REGIONS = ["us-east-1", "eu-west-1"];
const ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audited";
const INTERVALS = 6;
const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");
const PAGE = path.join(import.meta.dirname, "../../docs/integrity.md");
const LONG = 120_000;

describeWithAwsCli("A bucket that both the official CLI and OpenTrail's command validate", (aws) => {
  const folder = temporaryFolder();
  let host: HostProcess;
  let trail: DigestedTrail;
  let s3: S3Client;
  let bucket: TamperedBucket;

  beforeAll(async () => {
    trail = await makeDigestedTrail({
      dataDir: folder.path,
      bucket: BUCKET,
      trailNames: ["audited", "other-trail"],
      accounts: ACCOUNTS,
      regions: REGIONS,
      intervals: INTERVALS,
      emptyIntervals: [2],
      rotations: [2, 4],
    });
    host = await startHostProcess(folder.path);
    s3 = new S3Client({ ...clientSettings(host.endpoint), forcePathStyle: true });
    bucket = new TamperedBucket(s3, BUCKET);
  }, LONG);

  afterEach(() => bucket.restore());

  afterAll(async () => {
    s3.destroy();
    await host.stop();
    folder.remove();
  });

  const iso = (time: number): string => new Date(time).toISOString().replace(/\.\d+/, "");
  const range = (): readonly string[] => [
    "--trail-arn",
    ARN,
    "--start-time",
    iso(trail.start),
    "--end-time",
    iso(trail.end),
  ];
  const official = (...args: readonly string[]) =>
    aws(host.endpoint, ["cloudtrail", "validate-logs", ...range(), ...args]);
  const ours = (...args: readonly string[]) =>
    runCommand(process.execPath, [MAIN, "validate-logs", ...range(), ...args], {
      PATH: process.env.PATH ?? "",
      OPENTRAIL_ENDPOINT: host.endpoint,
    });
  async function ground(): Promise<TamperingGround> {
    const root = `AWSLogs/${ACCOUNTS[0]}`;
    const digests = await bucket.keys(`${root}/CloudTrail-Digest/us-east-1/`);
    const otherRegion = await bucket.keys(`${root}/CloudTrail-Digest/eu-west-1/`);
    const logFiles: string[] = [];
    const own = digests.filter((key) => key.includes("_audited_"));
    for (const key of own) {
      const { body } = await bucket.get(key);
      const { gunzipSync } = await import("node:zlib");
      logFiles.push(
        ...JSON.parse(gunzipSync(body).toString()).logFiles.map(
          ({ s3Object }: { s3Object: string }) => s3Object,
        ),
      );
    }
    return {
      bucket,
      digests: own,
      logFiles,
      otherTrailDigest: digests.filter((key) => key.includes("_other-trail_"))[3] ?? "",
      otherRegionDigest: otherRegion.filter((key) => key.includes("_audited_"))[3] ?? "",
    };
  }

  it.each(ACCOUNTS.flatMap((account) => REGIONS.map((region) => ({ account, region }))))(
    "a trail over several intervals, two key rotations and an empty hour is valid in $account and $region",
    async ({ account, region }) => {
      const args = ["--account-id", account, "--region", region];

      const [theirs, own] = [await official(...args), await ours(...args)];

      expect(theirs).toMatchObject({ exitCode: 0, stderr: "" });
      expect(own).toMatchObject({ exitCode: 0, stderr: "" });
      const counts = theirs.stdout.split("\n").filter((line) => line.endsWith("files valid"));
      // The last one is that of a trail that was stopped.
      expect(counts).toEqual([`${INTERVALS}/${INTERVALS} digest files valid`, "10/10 log files valid"]);
      expect(own.stdout.split("\n").slice(0, 6)).toEqual(theirs.stdout.split("\n").slice(0, 6));
      expect(own.stdout).toContain(`Proven: ${iso(trail.start)} to ${iso(trail.end)}`);
      expect(own.stdout).not.toContain("Not proven");
    },
    LONG,
  );

  it.each(TAMPERINGS)(
    "found: $title",
    async ({ tamper, foundByOfficialCli, says }) => {
      await tamper(await ground());

      const [theirs, own] = [await official(), await ours()];

      // Of two neighbours that are gone the official CLI reports one.
      const reported = theirs.stderr.match(/INVALID/g)?.length ?? 0;
      const named = own.stderr.match(/INVALID|NOT PROVEN/g)?.length ?? 0;
      expect(own.exitCode).toBe(1);
      for (const words of says) expect(own.stderr).toMatch(words);
      if (foundByOfficialCli) {
        expect(theirs.exitCode).toBe(1);
        expect(own.stderr.trim().split(/\n+/).sort()).toEqual(theirs.stderr.trim().split(/\n+/).sort());
      } else {
        expect(reported).toBeLessThan(named);
      }
    },
    LONG,
  );

  it("the keys of a file and the files of a data folder are enough: no server is asked", async () => {
    const keys = path.join(folder.path, "keys.json");
    const env = { PATH: process.env.PATH ?? "", OPENTRAIL_ENDPOINT: host.endpoint };
    await runCommand(process.execPath, [MAIN, "public-keys", "export", keys], env);

    const { exitCode, stderr, stdout } = await runCommand(
      process.execPath,
      [
        MAIN,
        "validate-logs",
        ...range(),
        "--s3-bucket",
        BUCKET,
        "--folder",
        folder.path,
        "--public-keys",
        keys,
      ],
      { PATH: process.env.PATH ?? "", OPENTRAIL_ENDPOINT: "http://127.0.0.1:9" },
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`${INTERVALS}/${INTERVALS} digest files valid\n10/10 log files valid`);
  });

  it("a copy has no signatures, and is proven by its own links up to the last digest but one", async () => {
    const keys = path.join(folder.path, "copy-keys.json");
    const env = { PATH: process.env.PATH ?? "", OPENTRAIL_ENDPOINT: host.endpoint };
    await runCommand(process.execPath, [MAIN, "public-keys", "export", keys], env);
    const copy = path.join(folder.path, "copy");
    cpSync(path.join(folder.path, "objects", BUCKET), copy, { recursive: true });

    const { exitCode, stderr, stdout } = await runCommand(
      process.execPath,
      [MAIN, "validate-logs", ...range(), "--s3-bucket", BUCKET, "--folder", copy, "--public-keys", keys],
      { PATH: process.env.PATH ?? "" },
    );

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Digest file\t\S+\tnot proven: the copy has no signature of it\n\n$/);
    expect(stdout).toContain(`${INTERVALS - 1}/${INTERVALS - 1} digest files valid\n`);
    expect(stdout).toMatch(/^Not proven: \S+ to \S+: no digest file covers it$/m);
  });

  it("what is not proven is said", async () => {
    const late = iso(trail.end + 3 * HOUR);

    const { exitCode, stdout } = await ours("--end-time", late);

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Not proven: ${iso(trail.end)} to ${late}: no digest file covers it`);
  });

  it("the table in the documentation says what these tests say", () => {
    const table = [
      "| tampering | `aws cloudtrail validate-logs` | `opentrail validate-logs` |",
      "|---|---|---|",
      ...TAMPERINGS.map(
        ({ title, foundByOfficialCli }) =>
          `| ${title} | ${foundByOfficialCli ? "found" : "not all found"} | found |`,
      ),
    ].join("\n");
    const page = readFileSync(PAGE, "utf8");
    const updated = page.replace(
      /(<!-- tampering -->\n)[\s\S]*?(\n<!-- \/tampering -->)/,
      (_, begin, end) => begin + table + end,
    );

    if (process.env.OPENTRAIL_UPDATE_DOCS) writeFileSync(PAGE, updated);

    expect(page).toBe(updated);
  });
});
