import { describe, expect, test } from "vitest";
import { Environment, InvalidEnvironment } from "../../../shared/compose/environment.ts";
import { queueAddresses } from "../../../shared/compose/queue-addresses.ts";

const QUEUE = { name: "history", queueUrl: "https://sqs/history", deadLetterUrl: "https://sqs/history-dead" };

const read = (OPENTRAIL_QUEUES: string) => queueAddresses(new Environment({ OPENTRAIL_QUEUES }));

describe("the queues of a stack", () => {
  test("are those of the variable, and none without it", () => {
    expect(read(JSON.stringify([QUEUE]))).toEqual([QUEUE]);
    expect(read("")).toEqual([]);
  });

  test.each([
    ["no JSON", "history"],
    ["no list", JSON.stringify(QUEUE)],
    ["a queue without its dead letters", JSON.stringify([{ ...QUEUE, deadLetterUrl: undefined }])],
    ["a queue without a name", JSON.stringify([{ ...QUEUE, name: "" }])],
  ])("with %s are refused", (_what, text) => {
    expect(() => read(text)).toThrow(InvalidEnvironment);
  });
});
