import { isJsonObject } from "../../event/json.ts";

/** The text of a message is none that the activity topic sends. */
export class UndecodableMessage extends Error {
  override readonly name = "UndecodableMessage";
}

/** What a message carries: a packed block, or the key of the object in the blocks bucket that holds it. */
export type ActivityMessage = { readonly block: Buffer } | { readonly blockKey: string };

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The text that carries a packed block. SNS and SQS carry text alone, hence base64. */
export function encodeBlock(block: Buffer): string {
  return block.toString("base64");
}

/** Bytes of the text that `encodeBlock` makes of so many bytes. */
export function encodedLength(blockBytes: number): number {
  return Math.ceil(blockBytes / 3) * 4;
}

/** The text that carries the key of a block that is too large for a message. */
export function encodeBlockKey(blockKey: string): string {
  return JSON.stringify({ blockKey });
}

/**
 * Reads a message's text, as SQS hands it over: raw (a subscription with raw message delivery) or in SNS's JSON
 * envelope (one without, such as a queue that a user subscribed).
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * @throws UndecodableMessage
 */
export function decodeActivityMessage(text: string): ActivityMessage {
  if (!text.startsWith("{")) {
    if (text.length % 4 !== 0 || !BASE64.test(text)) throw new UndecodableMessage("The message is no base64");
    return { block: Buffer.from(text, "base64") };
  }
  const fields = parse(text);
  if (fields.Type === "Notification" && typeof fields.Message === "string") {
    return decodeActivityMessage(fields.Message);
  }
  if (typeof fields.blockKey === "string") return { blockKey: fields.blockKey };
  throw new UndecodableMessage("The message is JSON, but neither an SNS notification nor a block's key");
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text);
    if (isJsonObject(fields)) return fields;
  } catch (cause) {
    throw new UndecodableMessage("The message is broken JSON", { cause });
  }
  throw new UndecodableMessage("The message is no JSON object");
}
