import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isWithin } from "../../cli/import/log-file-entry.ts";
import { clientSettings, makeTrail, waitUntilDelivered } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";
import { runCommand, runCommandWith } from "../support/run-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { fakeServer } from "./fake-server.ts";

const DAY = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31";
let host: TestHost;
let source: TestHost;
let folder: ReturnType<typeof temporaryFolder>;
let bucket = "";
let count = 0;

beforeAll(async () => {
  [host, source] = await Promise.all([startTestHost(), startTestHost()]);
  await makeTrail(host.endpoint, "kept", "kept-logs");
});

afterAll(async () => {
  await Promise.all([host.remove(), source.remove()]);
});

beforeEach(() => {
  folder = temporaryFolder();
  count += 1;
  bucket = `trail-logs-${count}`;
  return () => folder.remove();
});

function logFile(...records: readonly string[]): Buffer {
  return gzipSync(`{"Records":[${records.join(",")}]}`);
}

function name(suffix: string): string {
  return `111122223333_CloudTrail_us-east-1_20260131T1205Z_${suffix}.json.gz`;
}

async function put(key: string, content: Buffer): Promise<void> {
  const target = path.join(folder.path, key);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, content);
}

function s3(endpoint: string): S3Client {
  return new S3Client({ ...clientSettings(endpoint), forcePathStyle: true });
}

async function keptIds(): Promise<readonly unknown[]> {
  await waitUntilDelivered(host.endpoint, 10_000);
  return host.records("kept-logs").map(({ eventID }) => eventID);
}

async function emitted(): Promise<number | undefined> {
  const { stages } = await waitUntilDelivered(host.endpoint, 10_000);
  return stages.find((stage) => stage.name === "event-bus")?.received;
}

function ids(lines: readonly string[]): readonly string[] {
  return lines.map((line) => JSON.parse(line).eventID);
}

describe("a folder of log files", () => {
  it("is imported once; what is no log file is left alone; nothing is emitted", async () => {
    const lines = [recordLine(), recordLine(), recordLine({ eventTime: "2026-01-31T12:00:00Z" })];
    await put(`${DAY}/${name("a1")}`, logFile(...lines.slice(0, 2)));
    await put(`${DAY}/${name("a2")}`, Buffer.from(`{"Records":[${lines[2]}]}`));
    await put("AWSLogs/111122223333/CloudTrail-Digest/us-east-1/d.json.gz", logFile(recordLine()));
    await put("notes.txt", Buffer.from("notes"));

    const before = await emitted();

    const first = await runCommand(host.endpoint, "import", folder.path);
    const second = await runCommand(host.endpoint, "import", folder.path);

    expect(first.code).toBe(0);
    expect(first.out).toBe(
      "2 files imported, 2 left alone that are no log files\n3 accepted for account 111122223333\n0 rejected\n",
    );
    expect(second).toMatchObject({
      code: 0,
      out: "0 files imported, 2 imported before, 2 left alone that are no log files\n0 rejected\n",
    });
    expect(await keptIds()).toEqual(expect.arrayContaining([...ids(lines)]));
    expect(await emitted()).toBe(before);
  });

  it("costs one bad file no others: exit code 1, and a record that is refused is told by its place", async () => {
    const lines = [recordLine(), recordLine()];
    await put(`${DAY}/${name("b1")}`, logFile(lines[0] ?? "", "{}", "1"));
    await put(`${DAY}/${name("b2")}`, logFile(recordLine()).subarray(0, 40));
    await put(`${DAY}/${name("b3")}`, logFile(lines[1] ?? ""));

    const { code, out, err } = await runCommand(host.endpoint, "import", folder.path);

    expect(code).toBe(1);
    expect(out).toBe("2 files imported, 1 failed\n2 accepted for account 111122223333\n2 rejected\n");
    expect(err).toContain(`${name("b1")}, record 2: FieldNotFound: The record has no eventTime`);
    expect(err).toContain(`${name("b1")}, record 3: InvalidData`);
    expect(err).toContain(`failed: ${path.join(folder.path, DAY, name("b2"))}: unexpected end of file`);
    expect(await keptIds()).toEqual(expect.arrayContaining([...ids(lines)]));
  });

  it("is limited to days by the folders of its keys", async () => {
    await put(`AWSLogs/111122223333/CloudTrail/us-east-1/2026/02/01/${name("c1")}`, logFile(recordLine()));
    await put(`AWSLogs/111122223333/CloudTrail/us-east-1/2026/02/02/${name("c2")}`, logFile(recordLine()));
    await put(`AWSLogs/111122223333/CloudTrail/us-east-1/2026/02/03/${name("c3")}`, logFile(recordLine()));

    const days = ["--from", "2026-02-02", "--to", "2026-02-02"];
    const { out } = await runCommand(host.endpoint, "import", folder.path, ...days);

    expect(out).toContain("1 file imported\n");
  });
});

describe("a bucket", () => {
  beforeEach(() => s3(source.endpoint).send(new CreateBucketCommand({ Bucket: bucket })));

  async function upload(key: string, Body: Buffer): Promise<void> {
    await s3(source.endpoint).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
  }

  it("is read at AWS_ENDPOINT_URL, and known again in a folder that is a copy of it", async () => {
    const lines = [recordLine(), recordLine()];
    await upload(`${DAY}/${name("d1")}`, logFile(lines[0] ?? ""));
    await upload(`other/${name("d2")}`, logFile(lines[1] ?? ""));
    await put(`${DAY}/${name("d1")}`, logFile(lines[0] ?? ""));

    const s3Variables = { AWS_ENDPOINT_URL: source.endpoint };
    const first = await runCommandWith(s3Variables, host.endpoint, "import", `s3://${bucket}/AWSLogs/`);
    const second = await runCommandWith(s3Variables, host.endpoint, "import", `s3://${bucket}`);
    const copy = await runCommand(host.endpoint, "import", folder.path, "--bucket", bucket);

    expect(first.out).toContain("1 file imported\n1 accepted");
    expect(second.out).toContain("1 file imported, 1 imported before\n1 accepted");
    expect(copy.out).toContain("0 files imported, 1 imported before\n");
    expect(await keptIds()).toEqual(expect.arrayContaining([...ids(lines)]));
  });

  it("of the very server that would import it has OpenTrail's own log files, which are left alone unless asked for", async () => {
    const lines = [recordLine({ eventName: "ImportedAgain" })];
    await put(`${DAY}/${name("e1")}`, logFile(...lines));
    await runCommand(host.endpoint, "import", folder.path);
    await waitUntilDelivered(host.endpoint, 10_000);

    const s3Variables = { AWS_ENDPOINT_URL: host.endpoint };
    const { code, out } = await runCommandWith(s3Variables, host.endpoint, "import", "s3://kept-logs");

    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^0 files imported, \d+ of OpenTrail's own left alone/),
    ]);
  });

  it("that is not there is a failure that says so", async () => {
    const s3Variables = { AWS_ENDPOINT_URL: source.endpoint };

    const { code, err } = await runCommandWith(s3Variables, host.endpoint, "import", "s3://nowhere-at-all");

    expect(code).toBe(1);
    expect(err).toContain("s3://nowhere-at-all cannot be listed:");
  });
});

describe("an interrupted run", () => {
  it("goes on with the record after the last part that the server noted", async () => {
    const lines = Array.from({ length: 3 }, () => recordLine());
    const file = logFile(...lines);
    await put(`${DAY}/${name("f1")}`, file);
    await using server = await fakeServer(({ method }) => ({
      status: 200,
      json:
        method === "GET"
          ? { records: 2, refused: 0, isComplete: false }
          : { accepted: 1, rejected: [], leftOut: 0, importedBefore: 0, accountId: "111122223333" },
    }));

    const { code, out } = await runCommand(server.url, "import", folder.path);

    const [, part] = server.seen;
    const query = new URL(part?.path ?? "", server.url).searchParams;
    expect([code, out]).toEqual([0, "1 file imported\n1 accepted for account 111122223333\n0 rejected\n"]);
    expect([query.get("first"), query.get("last"), part?.body.toString().trim()]).toEqual([
      "2",
      "true",
      lines[2],
    ]);
  });

  it("waits while somebody else imports the file", async () => {
    await put(`${DAY}/${name("g1")}`, logFile(recordLine()));
    let posts = 0;
    await using server = await fakeServer(({ method }) => {
      if (method === "GET") return { status: 200, json: { records: 0, refused: 0, isComplete: false } };
      posts += 1;
      return posts === 1
        ? { status: 409, json: { code: "ImportBusy", message: "busy" }, headers: { "retry-after": "0" } }
        : {
            status: 200,
            json: { accepted: 0, rejected: [], leftOut: 0, importedBefore: 1, accountId: "111122223333" },
          };
    });

    const { code } = await runCommand(server.url, "import", folder.path);

    expect([code, posts]).toEqual([0, 2]);
  });

  it("with no server is a failure that says so", async () => {
    await put(`${DAY}/${name("h1")}`, logFile(recordLine()));

    const { code, err } = await runCommand("http://127.0.0.1:4999", "import", folder.path);

    expect(code).toBe(1);
    expect(err).toContain("No server answers at http://127.0.0.1:4999");
  });
});

describe("usage", () => {
  it.each([
    [["import"], "missing required argument"],
    [["import", ".", "--from", "yesterday"], "A day is needed"],
    [["import", ".", "--from", "2026-02-31x"], "A day is needed"],
  ])("%j is a usage error", async (args, message) => {
    const { code, err } = await runCommand(host.endpoint, ...args);

    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it("a folder that is not there is a failure", async () => {
    const { code, err } = await runCommand(host.endpoint, "import", path.join(folder.path, "gone"));

    expect(code).toBe(1);
    expect(err).toContain("There is no file or folder");
  });
});

describe("the days of a key", () => {
  it.each([
    ["a/2026/01/31/x.json.gz", {}, true],
    ["a/2026/01/31/x.json.gz", { from: "2026-01-31", to: "2026-01-31" }, true],
    ["a/2026/01/31/x.json.gz", { from: "2026-02-01" }, false],
    ["a/2026/01/31/x.json.gz", { to: "2026-01-30" }, false],
    ["x.json.gz", {}, true],
    ["x.json.gz", { from: "2026-01-01" }, false],
  ])("%s within %j: %s", (key, days, within) => {
    expect(isWithin(key, days)).toBe(within);
  });
});
