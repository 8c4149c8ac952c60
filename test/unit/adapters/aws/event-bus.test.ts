import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { eventBridgeBus } from "../../../../shared/adapters/aws/event-bus.ts";

const eventBridge = mockClient(EventBridgeClient);
const TIME = Date.UTC(2026, 0, 1);

beforeEach(() => eventBridge.reset());

const bus = () => eventBridgeBus(new EventBridgeClient({}), "opentrail");

function entry(name: string) {
  return {
    source: "opentrail.iam",
    detailType: "AWS API Call via CloudTrail",
    detail: JSON.stringify({ eventName: name }),
    time: TIME,
    accountId: "111122223333",
    region: "us-east-1",
  };
}

describe("putting events", () => {
  it("an entry names the bus, the record, its time and no resources", async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: "1" }] });

    const failures = await bus().putEvents([entry("CreateUser")]);

    expect(failures).toEqual([undefined]);
    expect(eventBridge.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries).toEqual([
      {
        EventBusName: "opentrail",
        Source: "opentrail.iam",
        DetailType: "AWS API Call via CloudTrail",
        Detail: '{"eventName":"CreateUser"}',
        Time: new Date(TIME),
        Resources: [],
      },
    ]);
  });

  it("of a call that failed in part, each entry has its own answer", async () => {
    const throttled = { ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" };
    eventBridge.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ EventId: "1" }, throttled, { EventId: "3" }],
    });

    const failures = await bus().putEvents(["a", "b", "c"].map(entry));

    expect(failures).toEqual([
      undefined,
      { errorCode: "ThrottlingException", errorMessage: "Rate exceeded" },
      undefined,
    ]);
  });

  it("an entry that the answer does not mention has failed", async () => {
    eventBridge.on(PutEventsCommand).resolves({ Entries: [{ EventId: "1" }] });

    const failures = await bus().putEvents(["a", "b"].map(entry));

    expect(failures[1]?.errorCode).toBe("NoAnswer");
  });

  it("a call that failed as a whole throws", async () => {
    eventBridge.on(PutEventsCommand).rejects(new Error("InternalException"));

    await expect(bus().putEvents([entry("a")])).rejects.toThrow("InternalException");
  });
});
