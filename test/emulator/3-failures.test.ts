import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { getJson, postJson } from "../../cli/endpoint-client.ts";
import type { DeadLetterList } from "../../shared/api/dead-letters.ts";
import { endpointSettings, makeCallable } from "./endpoint.ts";
import { makeLogGroup, makeTrail } from "./trail.ts";
import { deliveredEventIds, depthOf, eventually, logs, queueUrl, someRecord, sqs } from "./world.ts";

const TRAIL = "failures";
const LOG_GROUP = "CloudTrail/failures";

/** What the queues that a test changed were like before. */
const changed: { readonly QueueUrl: string; readonly Attributes: Record<string, string> }[] = [];

/** Has failed messages of a queue come again after a second: with the stack's own timeout a test would take half an hour. */
async function retrySoon(queue: string, maxReceiveCount?: number): Promise<void> {
  const QueueUrl = await queueUrl(queue);
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout", "RedrivePolicy"] }),
  );
  changed.push({ QueueUrl, Attributes });
  const redrive = JSON.parse(Attributes.RedrivePolicy ?? "{}");
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl,
      Attributes: {
        VisibilityTimeout: "1",
        ...(maxReceiveCount && { RedrivePolicy: JSON.stringify({ ...redrive, maxReceiveCount }) }),
      },
    }),
  );
}

afterEach(async () => {
  for (const input of changed.splice(0)) await sqs.send(new SetQueueAttributesCommand(input));
});

async function send(records: readonly unknown[]): Promise<void> {
  const report = await postJson<{ accepted: number }>(endpointSettings(), "/_opentrail/records", records);
  expect(report.accepted).toBe(records.length);
}

describe("failures of the deployed stack", () => {
  beforeAll(async () => {
    await makeCallable();
    await makeTrail(TRAIL, await makeLogGroup(LOG_GROUP));
  });

  it("end a poison message among its queue's dead letters, and hold up no other message", async () => {
    await retrySoon("log-files");
    const record = someRecord();

    await sqs.send(
      new SendMessageCommand({ QueueUrl: await queueUrl("log-files"), MessageBody: "no block" }),
    );
    await send([record]);

    await eventually("the record is not in a log file", async () => {
      return (await deliveredEventIds(TRAIL)).get(record.eventID) === 1;
    });
    await eventually(
      "the message is no dead letter",
      async () => (await depthOf("log-files-dead-letters")) === 1,
    );
    const page = await getJson<DeadLetterList>(endpointSettings(), "/_opentrail/dead-letters");
    expect(page.deadLetters.map(({ queue }) => queue)).toEqual(["log-files"]);
  });

  it("of one destination hold up no other, and its backlog drains afterwards", async () => {
    await retrySoon("log-groups", 1_000);
    await logs.send(new DeleteLogGroupCommand({ logGroupName: LOG_GROUP }));
    const records = Array.from({ length: 30 }, () => someRecord());

    for (const record of records) await send([record]);

    await eventually("not all records are in log files", async () => {
      const delivered = await deliveredEventIds(TRAIL);
      return records.every(({ eventID }) => delivered.get(eventID) === 1);
    });
    expect(await depthOf("log-groups")).toBe(records.length);
    await logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    await eventually("the backlog did not drain", async () => (await depthOf("log-groups")) === 0);
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: LOG_GROUP }));
    const forwarded = events.map(({ message = "{}" }) => JSON.parse(message).eventID);
    expect(new Set(forwarded)).toEqual(new Set([...forwarded, ...records.map(({ eventID }) => eventID)]));
    expect(await depthOf("log-groups-dead-letters")).toBe(0);
  });
});
