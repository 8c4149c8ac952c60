import type { Clock } from "../ports/clock.ts";
import type { DeliveryStatus } from "../ports/delivery-status.ts";
import type { FileRow } from "../ports/ledger.ts";
import { TopicRefusal, type Topics } from "../ports/topics.ts";
import { asError } from "./batch.ts";

/** What telling topics of delivered log files needs. */
export interface NotifyPorts {
  readonly topics: Topics;
  readonly status: DeliveryStatus;
  readonly clock: Clock;
}

/**
 * Tells the trail's topic, if it has one, that a log file is in its bucket. To be called before the file's row is
 * settled: whoever finds the row open after a crash tells the topic once more. So a crash costs no notification, and may
 * bring one twice. A topic that refuses it, or that throttles or does not answer as often as the adapter tries, is not
 * told of that file again: the file is settled without, and GetTrailStatus shows the error until a notification
 * succeeds. Digest files are not told of.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 */
export async function notifyDelivery(
  { topics, status, clock }: NotifyPorts,
  { snsTopicArn, trailArn, bucket, key }: FileRow,
): Promise<void> {
  if (snsTopicArn === undefined) {
    return;
  }
  const message = JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [key] });
  const code = await topics
    .publishForTrail(snsTopicArn, trailArn, message)
    .then(() => undefined, topicErrorCode);
  await status.report(trailArn, "sns", clock.now(), code).catch(() => undefined);
}

function topicErrorCode(error: unknown): string {
  return error instanceof TopicRefusal ? error.code : asError(error).name;
}
