import { beforeEach, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLogGroups } from "../../../shared/adapters/memory/log-groups.ts";
import { MemoryObjectStore } from "../../../shared/adapters/memory/object-store.ts";
import { MemorySigningKeys } from "../../../shared/adapters/memory/signing-keys.ts";
import { MemoryTrailStore } from "../../../shared/adapters/memory/trail-store.ts";
import { makeCloudTrailApi } from "../../../shared/api/cloudtrail.ts";
import type { CloudTrailDependencies } from "../../../shared/api/operation.ts";
import { cloudTrailRequest, testCaller } from "../../support/api-request.ts";

const NOW = Date.UTC(2026, 10, 23, 10);
const DAY = 24 * 60 * 60_000;
const ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

let clock: MemoryClock;
let keys: MemorySigningKeys;
let status: MemoryDeliveryStatus;
let trails: MemoryTrailStore;
let api: ReturnType<typeof makeCloudTrailApi>;

beforeEach(() => {
  clock = new MemoryClock(NOW);
  keys = new MemorySigningKeys(clock, 90 * DAY);
  status = new MemoryDeliveryStatus();
  trails = new MemoryTrailStore();
  const objects = new MemoryObjectStore();
  objects.createBucket("logs-bucket");
  const dependencies = {
    ...{ trails, objects, clock, deliveryStatus: status, signingKeys: keys },
    logGroups: new MemoryLogGroups(),
    ingest: async ({ records }) => ({ accepted: records.length, rejected: [] }),
    reportFailure: (error) => {
      throw error;
    },
  } satisfies Partial<CloudTrailDependencies>;
  api = makeCloudTrailApi(dependencies as unknown as CloudTrailDependencies);
});

async function call(operation: string, input: unknown = {}, region = "us-east-1") {
  const { status: httpStatus, body } = await api(cloudTrailRequest(operation, input), testCaller({ region }));
  return { status: httpStatus, ...JSON.parse(String(body)) };
}

it("ListPublicKeys gives the keys of the caller's region that were valid at some time of the range", async () => {
  const old = await keys.current("us-east-1");
  await keys.current("eu-west-1");
  clock.advance(10 * DAY);
  const current = await keys.rotate("us-east-1");

  const early = await call("ListPublicKeys", { StartTime: NOW / 1000, EndTime: (NOW + DAY) / 1000 });
  const all = await call("ListPublicKeys", { StartTime: NOW / 1000, EndTime: (NOW + 20 * DAY) / 1000 });

  expect(early.PublicKeyList).toEqual([
    {
      Value: old.publicKey.toString("base64"),
      ValidityStartTime: old.validFrom / 1000,
      ValidityEndTime: (NOW + 10 * DAY) / 1000 + 3600,
      Fingerprint: old.fingerprint,
    },
  ]);
  expect(all.PublicKeyList.map(({ Fingerprint }: { Fingerprint: string }) => Fingerprint)).toEqual([
    old.fingerprint,
    current.fingerprint,
  ]);
});

it("ListPublicKeys without times gives the keys of now, and none where the region never had a digest", async () => {
  const { fingerprint } = await keys.current("us-east-1");

  const here = await call("ListPublicKeys");
  const elsewhere = await call("ListPublicKeys", {}, "ap-south-1");

  expect(here.PublicKeyList).toMatchObject([{ Fingerprint: fingerprint }]);
  expect(elsewhere).toEqual({ status: 200, PublicKeyList: [] });
});

it("ListPublicKeys refuses a range that ends before it begins", async () => {
  const answer = await call("ListPublicKeys", { StartTime: 2, EndTime: 1 });

  expect(answer).toMatchObject({ status: 400, __type: "InvalidTimeRangeException" });
});

it("GetTrailStatus tells of the newest digest, and of what keeps one from being delivered", async () => {
  await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket" });
  await status.report(ARN, "digest", NOW);
  await status.report(ARN, "digest", NOW + 1_000, "NoSuchBucket");

  const answer = await call("GetTrailStatus", { Name: "main" });

  expect(answer).toMatchObject({
    LatestDigestDeliveryTime: NOW / 1000,
    LatestDigestDeliveryError: "NoSuchBucket",
  });
});

it("a trail knows since when it has log file validation: switching it on again begins anew", async () => {
  const since = async () => (await trails.read("111122223333")).trails[0]?.logFileValidationStartTime;
  await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket", EnableLogFileValidation: true });
  const atCreation = await since();
  clock.advance(DAY);
  await call("UpdateTrail", { Name: "main", EnableLogFileValidation: true });
  const unchanged = await since();
  await call("UpdateTrail", { Name: "main", EnableLogFileValidation: false });
  clock.advance(DAY);
  await call("UpdateTrail", { Name: "main", EnableLogFileValidation: true });

  expect([atCreation, unchanged, await since()]).toEqual([NOW, NOW, NOW + 2 * DAY]);
});
