import { expect, test } from "vitest";
import { formatSeconds, parseDuration } from "../../cli/duration.ts";

test.each([
  ["500ms", 500],
  ["5s", 5_000],
  ["1.5m", 90_000],
  ["1h", 3_600_000],
  ["90d", 7_776_000_000],
])("%s is %d ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "5", "s", "5 s", "-5s", "0s", "5S", "1e3s", "5s5", "999999999999999999d"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each([
  [0, "0 s"],
  [0.44, "0.4 s"],
  [42.2, "42 s"],
  [600, "10 min"],
  [20_000, "6 h"],
  [864_000, "10 d"],
])("%d seconds are written %s", (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});
