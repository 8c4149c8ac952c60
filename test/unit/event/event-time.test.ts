import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEventTime } from "../../../shared/event/event-time.ts";

describe("parseEventTime", () => {
  test("gives back every moment from its ISO form, with and without milliseconds", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date(Date.UTC(1, 0)),
          max: new Date("9999-12-31T23:59:59Z"),
          noInvalidDate: true,
        }),
        (date) => {
          const iso = date.toISOString();

          expect(parseEventTime(iso)).toBe(date.getTime());
          expect(parseEventTime(iso.replace(/\.\d+/, ""))).toBe(Math.floor(date.getTime() / 1000) * 1000);
        },
      ),
    );
  });

  test("takes the form without fractions for the same time as the one with them, whatever its digits", () => {
    const digits = (least: number, most: number, length: number): fc.Arbitrary<string> =>
      fc.integer({ min: least, max: most }).map((number) => String(number).padStart(length, "0"));
    const times = fc.tuple(
      fc.oneof(digits(0, 9999, 4), fc.constantFrom("0000", "0099", "0100", "20x4", "20 4")),
      digits(0, 13, 2),
      digits(0, 32, 2),
      digits(0, 25, 2),
      digits(0, 61, 2),
      fc.oneof(digits(0, 61, 2), fc.constantFrom("1x", "-1", "+1", "1.")),
    );
    fc.assert(
      fc.property(times, ([year, month, day, hour, minute, second]) => {
        const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;

        expect(parseEventTime(`${text}Z`)).toBe(parseEventTime(`${text}.0Z`));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["2024-07-30T21:31:10+00:00", "2024-07-30T21:31:10Z"],
    ["2024-07-30T21:31:10.123456789Z", "2024-07-30T21:31:10.123Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
  ])("%s is %s", (text, same) => {
    expect(parseEventTime(text)).toBe(Date.parse(same));
  });

  test.each([
    "",
    "now",
    "2024-07-30",
    "2024-07-30 21:31:10",
    "2024-07-30T21:31:10",
    "2024-07-30T21:31:10+02:00",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-00-01T00:00:00Z",
    "2024-01-00T00:00:00Z",
    "2024-01-32T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z",
    "1722375070",
  ])("%j is no eventTime", (text) => {
    expect(parseEventTime(text)).toBeUndefined();
  });
});
