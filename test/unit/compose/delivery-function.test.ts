import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterEach, describe, expect, it, vi } from "vitest";
import { deliveryFunction } from "../../../shared/compose/delivery-function.ts";
import { logger } from "../../../shared/compose/lambda.ts";
import type { Deliver } from "../../../shared/delivery/batch.ts";

function event(...messageIds: readonly string[]): SQSEvent {
  return { Records: messageIds.map((messageId) => ({ messageId, body: "" }) as SQSRecord) };
}

function functionOf(deliver: Deliver) {
  const blocks = { toMessage: async () => "", fromMessage: async () => Buffer.alloc(0) };
  return deliveryFunction("event-bus", () => ({ blocks, deliver }));
}

describe("a delivery function", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("tells of an error once, with all messages that failed with it, and answers each of them", async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const told = vi.spyOn(logger, "error").mockReturnValue(undefined);
    const failed = new Map([
      ["m0", new Error("The bus does not answer")],
      ["m1", new Error("The message is no base64")],
      ["m2", new Error("The bus does not answer")],
    ]);
    const handler = functionOf(async () => ({
      failed,
      counts: { received: 3, delivered: 0, skipped: {}, failed: 3 },
    }));

    const { batchItemFailures } = await handler(event("m0", "m1", "m2"));

    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(["m0", "m1", "m2"]);
    expect(told.mock.calls).toEqual([
      [
        "Messages failed",
        { stage: "event-bus", messageIds: ["m0", "m2"], error: new Error("The bus does not answer") },
      ],
      [
        "Messages failed",
        { stage: "event-bus", messageIds: ["m1"], error: new Error("The message is no base64") },
      ],
    ]);
  });
});
