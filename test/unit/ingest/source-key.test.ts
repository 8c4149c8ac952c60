import { describe, expect, test } from "vitest";
import { logFileKey, randomSuffix } from "../../../shared/delivery/log-file-key.ts";
import { readSourceKey } from "../../../shared/ingest/source-key.ts";

const NAME = "111122223333_CloudTrail_us-east-1_20260131T1205Z_AbCdEf0123456789.json.gz";
const DELIVERED_AT = Date.UTC(2026, 0, 31, 12, 5);

describe("the key of a log file", () => {
  test.each([
    [`AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/${NAME}`],
    [`some/prefix/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/${NAME}`],
    [`AWSLogs/o-abcdef1234/111122223333/CloudTrail/us-east-1/2026/01/31/${NAME}`],
    [`o-abcdef1234/AWSLogs/o-abcdef1234/111122223333/CloudTrail/us-east-1/2026/01/31/${NAME}`],
    [`moved/out/${NAME}`],
    [NAME],
    [NAME.replace(".gz", "")],
  ])("%s tells its account and its time", (key) => {
    expect(readSourceKey(key)).toEqual({ accountId: "111122223333", deliveredAt: DELIVERED_AT });
  });

  test("the account of the folders counts, whatever the name says", () => {
    const key = `AWSLogs/444455556666/CloudTrail/us-east-1/2026/01/31/${NAME}`;

    expect(readSourceKey(key)?.accountId).toBe("444455556666");
  });

  test("a name of another form in CloudTrail's folders is a log file of unknown time", () => {
    expect(readSourceKey("AWSLogs/111122223333/CloudTrail/us-east-1/x.json.gz")).toEqual({
      accountId: "111122223333",
    });
  });

  test.each(["management", "data", "insight", "network-activity", "aggregated"] as const)(
    "each key that a trail writes for %s events is one",
    (kind) => {
      const group = { recipientAccountId: "111122223333", awsRegion: "eu-west-1", kind };
      const key = logFileKey({ s3KeyPrefix: "p" }, group, DELIVERED_AT, randomSuffix());

      expect(readSourceKey(key)).toEqual({ accountId: "111122223333", deliveredAt: DELIVERED_AT });
    },
  );

  test.each([
    [
      "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/01/31/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20260131T120500Z.json.gz",
    ],
    ["AWSLogs/111122223333/Config/us-east-1/2026/1/31/x.json.gz"],
    ["AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/01/31/x.log.gz"],
    ["AWSLogs/111122223333/CloudTrail/"],
    ["AWSLogs/1111/CloudTrail/us-east-1/x.json.gz"],
    ["AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/notes.txt"],
    ["reports/2026.json.gz"],
    [""],
  ])("%j is none", (key) => {
    expect(readSourceKey(key)).toBeUndefined();
  });
});
