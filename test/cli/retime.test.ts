import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventTimeOf, retime, shiftToNow } from "../../cli/retime.ts";

const HOUR = 3_600_000;

function retimed(text: string, shift: number): string {
  return retime(Buffer.from(text), shift).toString();
}

describe("retime", () => {
  test("moves the record's own eventTime and no other byte", () => {
    const text =
      '{ "nested":{"eventTime":"2023-07-10T11:54:38Z"}, "text":"\\"eventTime\\":", "eventTime" : "2023-07-10T11:54:38Z",\n"n":1.0}';

    expect(retimed(text, HOUR)).toBe(
      '{ "nested":{"eventTime":"2023-07-10T11:54:38Z"}, "text":"\\"eventTime\\":", "eventTime" : "2023-07-10T12:54:38Z",\n"n":1.0}',
    );
  });

  test("keeps the fraction of the second and the way in which UTC is written", () => {
    expect(retimed('{"eventTime":"2023-12-31T23:30:00.120+00:00"}', HOUR)).toBe(
      '{"eventTime":"2024-01-01T00:30:00.120+00:00"}',
    );
  });

  test.each([
    '{"eventTime":"yesterday"}',
    '{"eventTime":17}',
    '{"eventName":"eventTime"}',
    '["eventTime"]',
    "no JSON with eventTime",
    '{"eventTime":"2023-07-10T11:54:38Z"'.slice(0, -1),
  ])("leaves %s as it is", (text) => {
    expect(retimed(text, HOUR)).toBe(text);
  });

  test("a key that stands twice counts where it stands last, as for JSON.parse", () => {
    const text = '{"eventTime":"2023-07-10T11:54:38Z","eventTime":"2024-07-10T11:54:38Z"}';

    expect(eventTimeOf(Buffer.from(text))).toBe(Date.parse("2024-07-10T11:54:38Z"));
    expect(retimed(text, HOUR)).toBe(
      '{"eventTime":"2023-07-10T11:54:38Z","eventTime":"2024-07-10T12:54:38Z"}',
    );
  });

  test("moved there and back again, every record has its bytes again", () => {
    const time = fc
      .date({
        min: new Date("1990-01-01T00:00:00Z"),
        max: new Date("2050-01-01T00:00:00Z"),
        noInvalidDate: true,
      })
      .map((date) => `${date.toISOString().slice(0, 19)}Z`);
    const shift = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((seconds) => seconds * 1000);
    const fields = fc.dictionary(fc.string(), fc.jsonValue());

    fc.assert(
      fc.property(fields, time, shift, (others, eventTime, by) => {
        const text = Buffer.from(JSON.stringify({ ...others, eventTime }));

        const moved = retime(text, by);

        expect(JSON.parse(moved.toString())).toEqual({
          ...JSON.parse(text.toString()),
          eventTime: `${new Date(Date.parse(eventTime) + by).toISOString().slice(0, 19)}Z`,
        });
        expect(retime(moved, -by)).toEqual(text);
      }),
    );
  });

  test("a record that would leave the years that ISO 8601 writes with four digits stays", () => {
    const text = '{"eventTime":"0001-01-01T00:00:00Z"}';

    expect(retimed(text, -2 * 366 * 24 * HOUR)).toBe(text);
  });

  test("the newest record comes to stand at most a second before now", () => {
    const newest = Date.parse("2023-07-10T11:54:38.250Z");
    const now = Date.parse("2026-02-11T00:00:00.100Z");

    const shift = shiftToNow(newest, now);

    expect(shift % 1000).toBe(0);
    expect(newest + shift).toBeLessThanOrEqual(now);
    expect(newest + shift).toBeGreaterThan(now - 1000);
  });
});
