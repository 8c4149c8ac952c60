import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../shared/pattern/compile-pattern.ts";
import { InvalidEvent } from "../../../shared/pattern/event-fields.ts";
import { createRuleMatcher, matchesEvent } from "../../../shared/pattern/match-event.ts";

const matches = (pattern: object | string, event: string) =>
  matchesEvent(compilePattern(typeof pattern === "string" ? pattern : JSON.stringify(pattern)), event);

describe("fields under one array", () => {
  const event = JSON.stringify({
    resources: [
      { type: "AWS::S3::Bucket", accountId: "111122223333" },
      { type: "AWS::KMS::Key", accountId: "444455556666", ARN: "arn" },
    ],
  });

  it("have to match within one element", () => {
    expect(matches({ resources: { type: ["AWS::KMS::Key"], accountId: ["444455556666"] } }, event)).toBe(
      true,
    );
    expect(matches({ resources: { type: ["AWS::KMS::Key"], accountId: ["111122223333"] } }, event)).toBe(
      false,
    );
  });

  it("may be absent from one element and present in another", () => {
    expect(matches({ resources: { type: [{ exists: false }] } }, event)).toBe(false);
    expect(matches({ resources: { accountId: ["111122223333"], type: ["AWS::S3::Bucket"] } }, event)).toBe(
      true,
    );
    expect(matches({ resources: { accountId: ["111122223333"], zone: [{ exists: false }] } }, event)).toBe(
      true,
    );
    // In the order of the paths, ARN comes first: nothing is chosen yet, and some element has one.
    expect(matches({ resources: { ARN: [{ exists: false }], accountId: ["111122223333"] } }, event)).toBe(
      false,
    );
  });
});

describe("text of an event", () => {
  it("gives every value of a repeated name", () => {
    const event = '{"detail":{"eventName":"StopLogging","eventName":"StartLogging"}}';

    expect(matches({ detail: { eventName: ["StopLogging"] } }, event)).toBe(true);
    expect(matches({ detail: { eventName: ["StartLogging"] } }, event)).toBe(true);
  });

  it("keeps numbers that no double says exactly, which match by their text", () => {
    const pattern = '{"size":[12345678901234567891]}';

    expect(matches(pattern, '{"size":12345678901234567891}')).toBe(true);
    expect(matches(pattern, '{"size":12345678901234567890}')).toBe(false);
  });

  it("is refused by name where it is not a JSON object", () => {
    for (const text of ["", "[]", '"text"', "{", '{"a":01}', '{"a":1} x', "{'a':1}"]) {
      expect(() => matches({ a: [1] }, text), text).toThrow(InvalidEvent);
    }
  });
});

it("numbers match however they are written", () => {
  expect(matches('{"limit":[300]}', '{"limit":3.0e2}')).toBe(true);
  expect(matches('{"limit":[-0.0]}', '{"limit":0}')).toBe(true);
  expect(matches('{"limit":[300]}', '{"limit":"300"}')).toBe(false);
});

it("an address matches however it is written, and only addresses of its own family", () => {
  expect(matches({ ip: ["2001:db8::1"] }, '{"ip":"2001:0DB8:0:0:0:0:0:1"}')).toBe(true);
  expect(matches({ ip: [{ cidr: "192.0.2.0/24" }] }, '{"ip":"::ffff:c000:0207"}')).toBe(true);
  expect(matches({ ip: [{ cidr: "192.0.2.0/24" }] }, '{"ip":"c000:0207::"}')).toBe(false);
  expect(matches({ ip: [{ cidr: "192.0.2.0/24" }] }, '{"ip":"192.0.2.7:443"}')).toBe(false);
});

it("ignoring case goes by single characters, whose lengths may differ", () => {
  const strasse = { name: [{ "equals-ignore-case": "straße" }] };

  expect(matches(strasse, '{"name":"STRASSE"}')).toBe(true);
  expect(matches(strasse, '{"name":"STRASS"}')).toBe(false);
  expect(matches({ name: [{ suffix: { "equals-ignore-case": "É😀" } }] }, '{"name":"cafe é😀"}')).toBe(true);
});

it("a dot in a name is like one between names", () => {
  expect(matches({ detail: { "state.status": ["on"] } }, '{"detail":{"state":{"status":"on"}}}')).toBe(true);
  expect(matches({ detail: { state: { status: ["on"] } } }, '{"detail.state":{"status":"on"}}')).toBe(true);
});

it("names of Object.prototype are names like others", () => {
  const own = JSON.parse('{"__proto__":{"constructor":"x"}}');

  expect(matchesEvent(compilePattern('{"__proto__":{"constructor":["x"]}}'), own)).toBe(true);
  expect(matchesEvent(compilePattern('{"constructor":[{"exists":true}]}'), {})).toBe(false);
  expect(matchesEvent(compilePattern('{"__proto__":[{"exists":false}]}'), {})).toBe(true);
});

describe("10,000 levels of nesting", () => {
  const levels = 10_000;
  const objects = `${'{"a":'.repeat(levels)}"deep"${"}".repeat(levels)}`;
  const arrays = `{"a":${'[{"x":1,"y":2},'.repeat(levels)}0${"]".repeat(levels)}}`;

  it("in an event are answered, as text and parsed", () => {
    for (const event of [objects, JSON.parse(objects)]) {
      expect(matchesEvent(compilePattern('{"a":{"a":[{"exists":true}]}}'), event)).toBe(false);
      expect(matchesEvent(compilePattern('{"b":[{"exists":false}]}'), event)).toBe(true);
    }
  });

  it("of arrays are answered with elements kept apart, without the time growing out of bounds", () => {
    for (const event of [arrays, JSON.parse(arrays)]) {
      expect(matchesEvent(compilePattern('{"a":{"x":[1],"y":[2],"z":[{"exists":false}]}}'), event)).toBe(
        true,
      );
      expect(matchesEvent(compilePattern('{"a":{"x":[1],"y":[1]}}'), event)).toBe(false);
    }
  });
});

it("rules are matched together, in their order", () => {
  const rule = (name: string, pattern: object) => ({
    name,
    pattern: compilePattern(JSON.stringify(pattern)),
  });
  const match = createRuleMatcher([
    rule("stop", { detail: { eventName: ["StopLogging"] } }),
    rule("start", { detail: { eventName: ["StartLogging"] } }),
    rule("trail", { source: [{ prefix: "aws." }] }),
  ]);

  const matching = match({ source: "aws.cloudtrail", detail: { eventName: "StopLogging" } });

  expect(matching.map(({ name }) => name)).toEqual(["stop", "trail"]);
});
