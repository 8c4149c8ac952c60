import type { Clock } from "../ports/clock.ts";
import type { DeliveryStatus } from "../ports/delivery-status.ts";
import { BucketAccessDenied, BucketNotFound } from "../ports/object-store.ts";
import { asError } from "./batch.ts";

/**
 * Notes how a trail's newest delivery to S3 went, for GetTrailStatus. A note that cannot be kept changes
 * nothing about the delivery, so it is given up.
 */
export async function reportS3Delivery(
  { status, clock }: { readonly status: DeliveryStatus; readonly clock: Clock },
  trailArn: string,
  error?: unknown,
): Promise<void> {
  const code = error === undefined ? undefined : s3ErrorCode(error);
  await status.report(trailArn, "s3", clock.now(), code).catch(() => undefined);
}

export function s3ErrorCode(error: unknown): string {
  if (error instanceof BucketNotFound) {
    return "NoSuchBucket";
  }
  return error instanceof BucketAccessDenied ? "AccessDenied" : asError(error).name;
}
