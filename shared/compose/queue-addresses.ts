import type { SqsQueueAddress } from "../adapters/aws/message-queue.ts";
import { isJsonObject } from "../event/json.ts";
import { type Environment, InvalidEnvironment } from "./environment.ts";

/**
 * The queues of the stack: `OPENTRAIL_QUEUES`, a JSON list of `{name, queueUrl, deadLetterUrl}`. None where it is absent.
 * @throws InvalidEnvironment
 */
export function queueAddresses(env: Environment): readonly SqsQueueAddress[] {
  const text = env.optional("OPENTRAIL_QUEUES") ?? "[]";
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new InvalidEnvironment("OPENTRAIL_QUEUES is no JSON", { cause });
  }
  if (!Array.isArray(list) || !list.every(isQueueAddress)) {
    throw new InvalidEnvironment("OPENTRAIL_QUEUES must be a JSON list of name, queueUrl and deadLetterUrl");
  }
  return list;
}

function isQueueAddress(value: unknown): value is SqsQueueAddress {
  return (
    isJsonObject(value) &&
    [value.name, value.queueUrl, value.deadLetterUrl].every((text) => typeof text === "string" && text !== "")
  );
}
