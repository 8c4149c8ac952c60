import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeActivityMessage,
  encodeBlock,
  encodeBlockKey,
  encodedLength,
  UndecodableMessage,
} from "../../../../shared/adapters/aws/activity-message.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array));

function envelope(message: string): string {
  return JSON.stringify({ Type: "Notification", MessageId: "m", TopicArn: "arn", Message: message });
}

describe("the text of a message", () => {
  it("a block comes back as it was, raw and in SNS's envelope", () => {
    fc.assert(
      fc.property(bytes, (block) => {
        const text = encodeBlock(block);

        expect(text).toHaveLength(encodedLength(block.length));
        expect(decodeActivityMessage(text)).toEqual({ block });
        expect(decodeActivityMessage(envelope(text))).toEqual({ block });
      }),
    );
  });

  it("a key comes back as it was, raw and in SNS's envelope", () => {
    const text = encodeBlockKey("blocks/abc");

    expect(decodeActivityMessage(text)).toEqual({ blockKey: "blocks/abc" });
    expect(decodeActivityMessage(envelope(text))).toEqual({ blockKey: "blocks/abc" });
  });

  it.each([
    ["nothing", ""],
    ["base64 that was cut", "QUJ"],
    ["other text", "not base64!!"],
    ["an empty object", "{}"],
    ["broken JSON", '{"blockKey":'],
    ["a key that is no text", '{"blockKey":7}'],
    ["an envelope of something else", envelope("<xml/>")],
    ["SNS's confirmation of a subscription", JSON.stringify({ Type: "SubscriptionConfirmation" })],
  ])("%s is refused", (_, text) => {
    expect(() => decodeActivityMessage(text)).toThrow(UndecodableMessage);
  });
});
