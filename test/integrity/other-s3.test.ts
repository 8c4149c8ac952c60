import path from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { describeWithAwsCli, runCommand } from "../support/aws-cli.ts";
import { type DigestedTrail, makeDigestedTrail } from "../support/digested-trail.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { type HostProcess, startHostProcess } from "../support/host-process.ts";
import { describeWithMoto } from "../support/moto.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { TamperedBucket } from "./tampering.ts";

const BUCKET = "moved-test-logs";
const ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audited";
const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");

describeWithMoto("Logs in another S3 than the host's", (config) => {
  describeWithAwsCli("that both commands validate", (aws) => {
    const folder = temporaryFolder();
    let host: HostProcess;
    let trail: DigestedTrail;
    let bucket: TamperedBucket;

    beforeAll(async () => {
      trail = await makeDigestedTrail({
        dataDir: folder.path,
        bucket: BUCKET,
        trailNames: ["audited"],
        accounts: ["111122223333"],
        regions: ["us-east-1"],
        intervals: 4,
        rotations: [2],
      });
      host = await startHostProcess(folder.path);
      const moto = new S3Client({ ...config(), forcePathStyle: true });
      await moto.send(new CreateBucketCommand({ Bucket: BUCKET }));
      bucket = new TamperedBucket(moto, BUCKET);
      const here = new TamperedBucket(
        new S3Client({ ...clientSettings(host.endpoint), forcePathStyle: true }),
        BUCKET,
      );
      for (const key of await here.keys("")) {
        const { body, metadata } = await here.get(key);
        await bucket.put(key, body, metadata);
      }
      bucket.keep();
    });

    afterEach(() => bucket.restore());

    afterAll(async () => {
      await host.stop();
      folder.remove();
    });

    async function validate() {
      const range = [
        ...["--trail-arn", ARN, "--s3-bucket", BUCKET],
        ...["--start-time", new Date(trail.start).toISOString()],
        ...["--end-time", new Date(trail.end).toISOString()],
      ];
      const s3 = config().endpoint;
      const env = { PATH: process.env.PATH ?? "" };
      return {
        theirs: await aws(host.endpoint, ["cloudtrail", "validate-logs", ...range], {
          AWS_ENDPOINT_URL_S3: s3,
        }),
        ours: await runCommand(
          process.execPath,
          [MAIN, "validate-logs", ...range, "--endpoint", host.endpoint, "--s3-endpoint", s3],
          env,
        ),
      };
    }

    it("untouched, they are valid", async () => {
      const { theirs, ours } = await validate();

      expect(theirs).toMatchObject({ exitCode: 0, stderr: "" });
      expect(ours).toMatchObject({ exitCode: 0, stderr: "" });
      expect(theirs.stdout).toContain("log files valid");
    });

    it("what is deleted is found", async () => {
      const keys = await bucket.keys("");
      const deleted = [
        keys.find((key) => key.includes("/CloudTrail/")) ?? "",
        keys.filter((key) => key.includes("/CloudTrail-Digest/"))[1] ?? "",
      ];
      for (const key of deleted) await bucket.delete(key);

      const { theirs, ours } = await validate();

      expect(theirs.exitCode).toBe(1);
      expect(ours.exitCode).toBe(1);
      expect(ours.stderr).toContain(`${deleted[1]}\tINVALID: not found`);
      expect(ours.stderr).toBe(theirs.stderr);
    });
  });
});
