import type { JsonObject } from "../../shared/event/json.ts";
import type { ActivityRecord } from "../../shared/event/record.ts";
import { readRecord } from "../../shared/ingest/read-record.ts";

/** A record as ingest reads it: a plausible management event, with `fields` in place of its own. */
export function activityRecord(fields: JsonObject = {}): ActivityRecord {
  return readActivityRecord(
    JSON.stringify({
      eventVersion: "1.11",
      eventTime: "2026-11-23T10:00:00Z",
      eventSource: "ec2.amazonaws.com",
      eventName: "RunInstances",
      awsRegion: "us-east-1",
      eventID: "6f5c1a2e-9c4b-4a8e-8f10-2d7f4e1b0c3a",
      eventType: "AwsApiCall",
      recipientAccountId: "111122223333",
      eventCategory: "Management",
      ...fields,
    }),
  );
}

/** A record's text as ingest reads it, of whatever account it is. */
export function readActivityRecord(text: string): ActivityRecord {
  return readRecord(Buffer.from(text), { accountId: "111122223333", mayImport: true });
}
