import { afterEach, describe, expect, it, vi } from "vitest";
import { activityEventsFunction } from "../../../shared/compose/activity-events-function.ts";
import { logger } from "../../../shared/compose/lambda.ts";

describe("a function that takes in activity events", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("tells of an error once, with all messages that failed with it, and answers each of them", async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const told = vi.spyOn(logger, "error").mockReturnValue(undefined);
    const handler = activityEventsFunction(() => ({
      takeMessages: async (messages) =>
        new Map(messages.map(({ id }) => [id, new Error("The topic does not answer")])),
      takePayload: async () => ({ accepted: 0, rejected: [] }),
    }));

    const answer = await handler({
      Records: ["m0", "m1"].map((messageId) => ({ messageId, body: "{}", eventSource: "aws:sqs" })),
    });

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }, { itemIdentifier: "m1" }] });
    expect(told.mock.calls).toEqual([
      ["Events not taken", { messageIds: ["m0", "m1"], error: new Error("The topic does not answer") }],
    ]);
  });
});
