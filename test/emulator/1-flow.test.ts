import { GetTrailStatusCommand, LookupEventsCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { beforeAll, describe, expect, it } from "vitest";
import { postJson } from "../../cli/endpoint-client.ts";
import { makeBusQueue } from "./bus-queue.ts";
import { makeChannel } from "./channel.ts";
import { endpointSettings, makeCallable } from "./endpoint.ts";
import { SOURCE_BUCKET } from "./global-setup.ts";
import { makeSourceBucket, putLogFile } from "./source-bucket.ts";
import { makeLogGroup, makeTrail } from "./trail.ts";
import { cloudTrail, deliveredEventIds, depthOf, events, eventually, logs, someRecord } from "./world.ts";

const TRAIL = "flow";
const LOG_GROUP = "CloudTrail/flow";

/** The log group's messages that have the text. Not every emulator knows filter patterns. */
async function messagesWith(text: string): Promise<readonly string[]> {
  const { events: found = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: LOG_GROUP }));
  return found.map(({ message = "" }) => message).filter((message) => message.includes(text));
}

async function historyOf(eventID: string): Promise<readonly (string | undefined)[]> {
  const { Events = [] } = await cloudTrail().send(
    new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: "EventId", AttributeValue: eventID }] }),
  );
  return Events.map(({ EventName }) => EventName);
}

describe("records on their way through the deployed stack", () => {
  let seenOnBus: () => Promise<readonly string[]>;

  beforeAll(async () => {
    await makeCallable();
    seenOnBus = await makeBusQueue("flow-seen", { "detail-type": [{ exists: true }] });
    const forwarding = await makeLogGroup(LOG_GROUP);
    await makeTrail(TRAIL, { EnableLogFileValidation: true, ...forwarding });
  });

  it("from the bulk API are in log files once, in the log group, on the bus and in the history", async () => {
    const records = Array.from({ length: 25 }, (_, index) =>
      someRecord({ eventName: `RunInstances${index}` }),
    );
    const ids = records.map(({ eventID }) => eventID);

    const report = await postJson<{ accepted: number }>(endpointSettings(), "/_opentrail/records", records);

    expect(report.accepted).toBe(25);
    await eventually("not all records are in log files", async () => {
      const delivered = await deliveredEventIds(TRAIL);
      return ids.every((id) => delivered.get(id) === 1);
    });
    const [first = ""] = ids;
    await eventually(
      "a record is not in the log group",
      async () => (await messagesWith(first)).length === 1,
    );
    await eventually("not all records came on the bus", async () => {
      const seen = (await seenOnBus()).join("\n");
      return ids.every((id) => seen.includes(id));
    });
    await eventually("a record is not in the history", async () => (await historyOf(first)).length === 1);
  });

  it("from PutAuditEvents, through a channel, are in log files and on the bus", async () => {
    const putEvent = await makeChannel("flow");

    const { successful = [] } = await putEvent({ eventName: "RefundOrder", UID: "order-7" });

    const [{ eventID = "" } = {}] = successful as readonly { readonly eventID?: string }[];
    await eventually("the event came not on the bus", async () =>
      (await seenOnBus()).some((event) => event.includes(eventID) && event.includes("OpenTrail Activity")),
    );
    await eventually("the event is not in a log file", async () => {
      return (await deliveredEventIds(TRAIL)).get(eventID) === 1;
    });
  });

  it("from the default bus are in log files and in the history, and are not emitted again", async () => {
    const record = someRecord({ eventName: "TerminateInstances" });

    await events.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: "emulated.ec2",
            DetailType: "AWS API Call via CloudTrail",
            Detail: JSON.stringify(record),
            Time: new Date(record.eventTime),
          },
        ],
      }),
    );

    await eventually("the record is not in a log file", async () => {
      return (await deliveredEventIds(TRAIL)).get(record.eventID) === 1;
    });
    await eventually("the record is not in the history", async () => {
      return (await historyOf(record.eventID)).includes("TerminateInstances");
    });
    const emitted = (await seenOnBus()).map((event) => JSON.parse(event).detail.eventID);
    expect(emitted).not.toContain(record.eventID);
  });

  it("from a log file that S3 tells of are in log files and in the history, once for however often it tells", async () => {
    await makeSourceBucket(SOURCE_BUCKET);
    const record = someRecord({ eventName: "CreateKeyPair" });

    await putLogFile(SOURCE_BUCKET, "first0123456789A", [record]);
    await eventually("the record is not in a log file", async () => {
      return (await deliveredEventIds(TRAIL)).get(record.eventID) === 1;
    });
    await eventually("the record is not in the history", async () => {
      return (await historyOf(record.eventID)).includes("CreateKeyPair");
    });
    await putLogFile(SOURCE_BUCKET, "first0123456789A", [record]);
    const later = someRecord();
    await putLogFile(SOURCE_BUCKET, "later0123456789A", [later]);

    const delivered = await eventually("the later record is not in a log file", async () => {
      const counts = await deliveredEventIds(TRAIL);
      return counts.has(later.eventID) && (await depthOf("source-log-files")) === 0 && counts;
    });
    expect(delivered.get(record.eventID)).toBe(1);
  });

  it("of StopLogging start the remediation, which has the trail log again", async () => {
    const client = cloudTrail();

    await client.send(new StopLoggingCommand({ Name: TRAIL }));

    const status = await eventually("the trail does not log again", async () => {
      const answer = await client.send(new GetTrailStatusCommand({ Name: TRAIL }));
      return answer.IsLogging === true && answer;
    });
    expect(status.StartLoggingTime?.getTime()).toBeGreaterThan(status.StopLoggingTime?.getTime() ?? 0);
  });
});
