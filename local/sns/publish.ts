import { isJsonObject } from "../../shared/event/json.ts";
import type { Publication } from "../../shared/ports/topic-store.ts";
import { callersTopic, invalidParameter, type SnsOperation } from "./call.ts";
import type { SnsInputs } from "./model.ts";

const LONGEST_MESSAGE_BYTES = 256 * 1024;
const LONGEST_SUBJECT = 100;

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const publish: SnsOperation<"Publish"> = async (call) => {
  const { input, topics } = call;
  if (input.PhoneNumber !== undefined) throw invalidParameter("PhoneNumber Reason: OpenTrail sends no SMS");
  const { arn } = await callersTopic(call, input.TopicArn ?? input.TargetArn ?? "");
  return { MessageId: await topics.publish(arn, publicationOf(input)) };
};

function publicationOf(input: SnsInputs["Publish"]): Publication {
  const {
    Message: message,
    Subject: subject,
    MessageStructure: structure,
    MessageAttributes: given = {},
  } = input;
  if (message === "") throw invalidParameter("Empty message");
  if (Buffer.byteLength(message) > LONGEST_MESSAGE_BYTES) throw invalidParameter("Message too long");
  if (subject !== undefined && !isSubject(subject)) throw invalidParameter("Subject");
  if (structure !== undefined && structure !== "json") throw invalidParameter("MessageStructure");
  const attributes = Object.fromEntries(
    Object.entries(given).map(([name, { DataType, StringValue, BinaryValue }]) => {
      const value = StringValue ?? BinaryValue;
      if (value === undefined)
        throw invalidParameter(`The message attribute ${name.slice(0, 256)} has no value`);
      return [name, { Type: DataType, Value: value }];
    }),
  );
  return {
    ...(structure === "json" ? messagesOf(message) : { message }),
    ...(subject !== undefined && { subject }),
    ...(Object.keys(given).length > 0 && { attributes }),
  };
}

/** Up to 100 printable characters. */
function isSubject(subject: string): boolean {
  return subject.length > 0 && subject.length <= LONGEST_SUBJECT && !/[\p{Cc}]/u.test(subject);
}

/** A message for each protocol, and one for all others. */
function messagesOf(text: string): Pick<Publication, "message" | "messageOf"> {
  let messages: unknown;
  try {
    messages = JSON.parse(text);
  } catch {
    throw invalidParameter("Message Structure - JSON message body failed to parse");
  }
  if (!isJsonObject(messages) || typeof messages.default !== "string") {
    throw invalidParameter("Message Structure - No default entry in JSON message body");
  }
  const { default: message, http, https } = messages;
  return {
    message,
    messageOf: { ...(typeof http === "string" && { http }), ...(typeof https === "string" && { https }) },
  };
}
