import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkInputTransformer,
  InvalidInputTemplate,
  transformInput,
} from "../../../shared/rule/input-transformer.ts";

const EVENT = {
  id: "0f1e",
  time: "2026-01-02T03:04:05Z",
  source: "aws.iam",
  detail: { eventName: "CreateUser", count: 2, items: [{ a: 1 }], quoted: 'say "yes"\\', errorCode: null },
};
const PATHS = {
  name: "$.detail.eventName",
  count: "$.detail.count",
  items: "$.detail.items",
  quoted: "$.detail.quoted",
  none: "$.detail.nothing",
};

function transform(template: string) {
  return transformInput({ paths: PATHS, template }, EVENT, "users");
}

test.each([
  ['"<name> by <quoted>"', 'CreateUser by say "yes"\\'],
  ['{"text": "<name>", "n": <count>, "s": <name>}', { text: "CreateUser", n: 2, s: "CreateUser" }],
  ['{"all": <items>, "text": "<items>"}', { all: [{ a: 1 }], text: '[{"a":1}]' }],
  ['{"value": <none>, "text": "(<none>)"}', { value: null, text: "()" }],
  ['"<aws.events.rule-name> at <aws.events.event.ingestion-time>"', "users at 2026-01-02T03:04:05Z"],
  ["<aws.events.event.json>", EVENT],
  ["<aws.events.event>", { id: "0f1e", time: EVENT.time, source: "aws.iam" }],
  ['"a < b > c"', "a < b > c"],
  ['"no \\"<name>\\" escapes"', 'no "CreateUser" escapes'],
  ["[1, 2]", [1, 2]],
])("%s", (template, expected) => {
  expect(transform(template)).toEqual(expected);
});

test("no text of an event can change the shape of the input", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const event = { text };
      const template = '{"in": "a<text>b", "out": <text>}';

      expect(transformInput({ paths: { text: "$.text" }, template }, event, "r")).toEqual({
        in: `a${text}b`,
        out: text,
      });
    }),
  );
});

describe("templates that are refused", () => {
  test.each([
    ["no JSON", "text", "JSON"],
    ["an open string", '"text', "JSON"],
    ["a name without a path", '"<other>"', "<other>"],
    ["a name of every object's", "<constructor>", "<constructor>"],
  ])("%s", (_what, template, message) => {
    const check = () => checkInputTransformer({ paths: PATHS, template });

    expect(check).toThrow(InvalidInputTemplate);
    expect(check).toThrow(message);
  });
});
