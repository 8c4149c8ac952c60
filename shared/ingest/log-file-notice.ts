import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";

/** An object in a bucket. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

/** What a message says: that there are objects, or nothing that is of interest. */
export type LogFileNotice =
  | { readonly objects: readonly ObjectLocation[] }
  | { readonly skip: "test-event" | "validation-message" | "other-event" };

/** The message is no notification of an object in any of the forms that are known. */
export class UnknownNotice extends Error {
  override readonly name = "UnknownNotice";
}

/** CloudTrail sends it once, when a trail gets an SNS topic. */
const VALIDATION_MESSAGE = "CloudTrail validation message.";

/**
 * Reads a message that tells of new log files, in each form that people have:
 * - S3's own event notification, whose keys are URL-encoded: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * - `Object Created` of EventBridge, whose keys are not: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * - CloudTrail's: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 *
 * and each of them in the envelope of SNS, which is there unless the subscription asks for raw delivery.
 * @throws UnknownNotice
 */
export function readLogFileNotice(text: string): LogFileNotice {
  if (text.trim() === VALIDATION_MESSAGE) return { skip: "validation-message" };
  const fields = parse(text);
  if (fields.Type === "Notification" && typeof fields.Message === "string") {
    return readLogFileNotice(fields.Message);
  }
  if (fields.Event === "s3:TestEvent") return { skip: "test-event" };
  if (Array.isArray(fields.Records)) return readEventNotification(fields.Records);
  if (Array.isArray(fields.s3ObjectKey)) return readCloudTrailNotification(fields);
  if (fields.source === "aws.s3" && isJsonObject(fields.detail)) {
    if (fields["detail-type"] !== "Object Created") return { skip: "other-event" };
    return { objects: [location(fields.detail)] };
  }
  throw new UnknownNotice("The message is JSON, but tells of no object in S3");
}

function parse(text: string): JsonObject {
  try {
    const fields: unknown = JSON.parse(text);
    if (isJsonObject(fields)) return fields;
  } catch (cause) {
    throw new UnknownNotice("The message is no JSON", { cause });
  }
  throw new UnknownNotice("The message is no JSON object");
}

function readEventNotification(records: readonly JsonValue[]): LogFileNotice {
  const created = records.filter((record) => {
    if (!isJsonObject(record) || record.eventSource !== "aws:s3") {
      throw new UnknownNotice("The message's records are not S3's");
    }
    return typeof record.eventName === "string" && record.eventName.startsWith("ObjectCreated:");
  });
  if (created.length === 0) return { skip: "other-event" };
  const objects = created.map((record) => location(isJsonObject(record) ? record.s3 : undefined));
  return { objects: objects.map(({ bucket, key }) => ({ bucket, key: urlDecoded(key) })) };
}

function readCloudTrailNotification({ s3Bucket: bucket, s3ObjectKey: keys }: JsonObject): LogFileNotice {
  const objects = (keys as readonly JsonValue[]).map((key) => {
    if (typeof bucket !== "string" || typeof key !== "string") {
      throw new UnknownNotice("The notification of CloudTrail names no bucket or no key");
    }
    return { bucket, key };
  });
  return { objects };
}

/** Reads `{bucket: {name}, object: {key}}`. */
function location(value: JsonValue | undefined): ObjectLocation {
  const { bucket, object } = isJsonObject(value) ? value : {};
  const name = isJsonObject(bucket) ? bucket.name : undefined;
  const key = isJsonObject(object) ? object.key : undefined;
  if (typeof name !== "string" || typeof key !== "string") {
    throw new UnknownNotice("The notification of S3 names no bucket or no key");
  }
  return { bucket: name, key };
}

/** As S3 encodes keys in its notifications: a space is a plus sign. */
function urlDecoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch (cause) {
    throw new UnknownNotice(`The key in the notification of S3 is not URL-encoded: ${key}`, { cause });
  }
}
