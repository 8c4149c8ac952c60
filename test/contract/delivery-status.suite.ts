import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../../shared/ports/delivery-status.ts";

/** A store without reports. */
export interface DeliveryStatusFixture {
  readonly status: DeliveryStatus;
  close(): Promise<void>;
}

/** What every DeliveryStatus does. */
export function describeDeliveryStatusContract(
  name: string,
  make: () => Promise<DeliveryStatusFixture>,
): void {
  describe(`delivery status: ${name}`, () => {
    let fixture: DeliveryStatusFixture;
    let status: DeliveryStatus;

    beforeEach(async () => {
      fixture = await make();
      status = fixture.status;
    });

    afterEach(() => fixture.close());

    it("a trail that nothing was delivered for has no status", async () => {
      expect(await status.read(TRAIL)).toEqual({});
    });

    it("a success tells its time and no error", async () => {
      await status.report(TRAIL, "s3", 1_000);

      expect(await status.read(TRAIL)).toEqual({ s3: { latestAttemptAt: 1_000, latestSuccessAt: 1_000 } });
    });

    it("a failure tells its error and keeps the time of the last success", async () => {
      await status.report(TRAIL, "s3", 1_000);
      await status.report(TRAIL, "s3", 2_000, "NoSuchBucket");

      expect(await status.read(TRAIL)).toEqual({
        s3: { latestAttemptAt: 2_000, latestSuccessAt: 1_000, latestError: "NoSuchBucket" },
      });
    });

    it("a success after a failure takes the error away", async () => {
      await status.report(TRAIL, "s3", 1_000, "NoSuchBucket");
      await status.report(TRAIL, "s3", 2_000);

      expect(await status.read(TRAIL)).toEqual({ s3: { latestAttemptAt: 2_000, latestSuccessAt: 2_000 } });
    });

    it("a report that comes late does not cover a newer one", async () => {
      await status.report(TRAIL, "s3", 3_000, "AccessDenied");
      await status.report(TRAIL, "s3", 2_000);
      await status.report(TRAIL, "s3", 1_000, "NoSuchBucket");
      await status.report(TRAIL, "s3", 500);

      expect(await status.read(TRAIL)).toEqual({
        s3: { latestAttemptAt: 3_000, latestSuccessAt: 2_000, latestError: "AccessDenied" },
      });
    });

    it("targets and trails are apart", async () => {
      await status.report(TRAIL, "s3", 1_000);
      await status.report(TRAIL, "cloudwatch-logs", 2_000, "LogGroupNotFound");
      await status.report(`${TRAIL}-2`, "s3", 3_000);

      expect(await status.read(TRAIL)).toEqual({
        s3: { latestAttemptAt: 1_000, latestSuccessAt: 1_000 },
        "cloudwatch-logs": { latestAttemptAt: 2_000, latestError: "LogGroupNotFound" },
      });
    });

    it("a forgotten trail has no status, and the others keep theirs", async () => {
      await status.report(TRAIL, "s3", 1_000);
      await status.report(`${TRAIL}-2`, "s3", 1_000);

      await status.forget(TRAIL);

      expect(await status.read(TRAIL)).toEqual({});
      expect(await status.read(`${TRAIL}-2`)).not.toEqual({});
    });
  });
}

const TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/example";
