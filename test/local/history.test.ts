import {
  CloudTrailClient,
  LookupEventsCommand,
  type LookupEventsCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { afterEach, describe, expect, test, vi } from "vitest";
import { clientSettings, putRecords, readStatus, waitUntilDelivered } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";

let host: TestHost;
afterEach(() => host.remove());

async function lookup(input: LookupEventsCommandInput = {}) {
  return new CloudTrailClient(clientSettings(host.endpoint)).send(new LookupEventsCommand(input));
}

async function findName(eventName: string): Promise<readonly (string | undefined)[]> {
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: eventName }];
  const { Events = [] } = await lookup({ LookupAttributes });
  return Events.map(({ EventId }) => EventId);
}

describe("event history of the embedded host", () => {
  test("an event is found within 2 seconds of its acceptance, though no trail wants it", async () => {
    host = await startTestHost();
    const eventID = crypto.randomUUID();

    await putRecords(host.endpoint, recordLine({ eventID, eventName: "RunInstances" }));

    await vi.waitFor(async () => expect(await findName("RunInstances")).toEqual([eventID]), {
      timeout: 2_000,
      interval: 50,
    });
  });

  test("a call of CloudTrail's own API is found as well", async () => {
    host = await startTestHost();

    await lookup();

    await vi.waitFor(async () => expect(await findName("LookupEvents")).not.toEqual([]), 2_000);
  });

  test("records that come again are counted as delivered already, and found once", async () => {
    host = await startTestHost();
    const line = recordLine({ eventName: "CreateUser" });

    await putRecords(host.endpoint, line);
    await putRecords(host.endpoint, `${line}\n${line}`);
    await waitUntilDelivered(host.endpoint, 5_000);

    expect(await findName("CreateUser")).toHaveLength(1);
    const { stages } = await readStatus(host.endpoint);
    expect(stages.find(({ name }) => name === "history")).toMatchObject({
      received: 3,
      delivered: 1,
      skipped: { "already-delivered": 2 },
      failed: 0,
    });
  });

  test("data events are kept where the setting says so, and LookupEvents does not answer them", async () => {
    host = await startTestHost({ historyDataEvents: true });
    const fields = { eventName: "GetObject", eventCategory: "Data", managementEvent: false };

    await putRecords(host.endpoint, recordLine(fields));
    await waitUntilDelivered(host.endpoint, 5_000);

    const { stages } = await readStatus(host.endpoint);
    expect(stages.find(({ name }) => name === "history")).toMatchObject({ received: 1, delivered: 1 });
    expect(await findName("GetObject")).toEqual([]);
  });

  test("events outlive the process", async () => {
    host = await startTestHost();
    await putRecords(host.endpoint, recordLine({ eventName: "CreateUser" }));
    await host.stop();

    const { dataDir } = host;
    host = await startTestHost({ dataDir });

    expect(await findName("CreateUser")).toHaveLength(1);
  });
});
