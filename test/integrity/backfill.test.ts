import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWithAwsCli, runCommand } from "../support/aws-cli.ts";
import { type DigestedTrail, makeDigestedTrail } from "../support/digested-trail.ts";
import { type HostProcess, startHostProcess } from "../support/host-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audited";
const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");

describeWithAwsCli("A trail with log files that came after its last digest", (aws) => {
  const folder = temporaryFolder();
  let host: HostProcess;
  let trail: DigestedTrail;

  beforeAll(async () => {
    trail = await makeDigestedTrail({
      dataDir: folder.path,
      bucket: "backfill-logs",
      trailNames: ["audited"],
      accounts: ["111122223333"],
      regions: ["us-east-1"],
      intervals: 2,
      rotations: [1],
      lateFiles: 2,
    });
    host = await startHostProcess(folder.path);
  });

  afterAll(async () => {
    await host.stop();
    folder.remove();
  });

  it("has backfill digests for them, which both commands validate", async () => {
    const range = ["--trail-arn", ARN, "--start-time", new Date(trail.start).toISOString(), "--verbose"];
    const env = { PATH: process.env.PATH ?? "", OPENTRAIL_ENDPOINT: host.endpoint };

    const theirs = await aws(host.endpoint, ["cloudtrail", "validate-logs", ...range]);
    const ours = await runCommand(process.execPath, [MAIN, "validate-logs", ...range], env);

    expect(theirs).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ours).toMatchObject({ exitCode: 0, stderr: "" });
    expect(theirs.stdout).toContain("2/2 backfill digest files valid\n6/6 log files valid");
    const fileLines = (text: string) => text.split("\n").filter((line) => line.includes("\ts3://"));
    expect(fileLines(ours.stdout)).toEqual(fileLines(theirs.stdout));
  });

  it("lists all keys of all regions for export, and a rotation adds one", async () => {
    const env = { PATH: process.env.PATH ?? "", OPENTRAIL_ENDPOINT: host.endpoint };
    const exported = async () =>
      JSON.parse((await runCommand(process.execPath, [MAIN, "public-keys", "export"], env)).stdout)
        .PublicKeyList;
    const before = await exported();

    const rotation = await runCommand(process.execPath, [MAIN, "public-keys", "rotate"], env);

    const after = await exported();
    expect(before).toHaveLength(1);
    expect(rotation.exitCode).toBe(0);
    expect(after).toHaveLength(2);
    expect(rotation.stdout).toContain(after[1].Fingerprint);
    const { stdout } = await aws(host.endpoint, ["cloudtrail", "list-public-keys", "--output", "json"]);
    expect(JSON.parse(stdout).PublicKeyList.at(-1)).toMatchObject({
      Fingerprint: after[1].Fingerprint,
      Value: after[1].Value,
    });
  });
});
