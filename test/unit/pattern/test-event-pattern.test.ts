import { expect, it } from "vitest";
import { InvalidEvent } from "../../../shared/pattern/event-fields.ts";
import { InvalidEventPattern } from "../../../shared/pattern/invalid-event-pattern.ts";
import { testEventPattern } from "../../../shared/pattern/test-event-pattern.ts";

const EVENT = {
  id: "1",
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.cloudtrail",
  account: "111122223333",
  time: "2024-05-01T12:00:00Z",
  region: "eu-west-1",
  detail: { eventName: "StopLogging" },
};

it("an event with what every event on a bus has is matched", () => {
  expect(testEventPattern('{"detail":{"eventName":["StopLogging"]}}', JSON.stringify(EVENT))).toBe(true);
  expect(testEventPattern('{"detail":{"eventName":["StartLogging"]}}', JSON.stringify(EVENT))).toBe(false);
});

it("an event without one of the mandatory fields is refused, and the field is named", () => {
  const { region: _, ...incomplete } = EVENT;

  expect(() => testEventPattern('{"source":["x"]}', JSON.stringify(incomplete))).toThrow(InvalidEvent);
  expect(() => testEventPattern('{"source":["x"]}', JSON.stringify(incomplete))).toThrow(/region/);
});

it("the pattern is judged before the event", () => {
  expect(() => testEventPattern("{}", "[]")).toThrow(InvalidEventPattern);
});
