import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { confirm, isInteractive } from "../../cli/rules/confirm.ts";

/** Asks, with what is typed as the answer. */
async function answered(typed: string): Promise<boolean> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answer = confirm("Do this?", { input, output });
  input.end(typed);
  return answer;
}

test.each([
  ["yes\n", true],
  ["Y\n", true],
  ["no\n", false],
  ["\n", false],
  ["yes please\n", false],
  ["", false],
])("%j is %s", async (typed, expected) => {
  expect(await answered(typed)).toBe(expected);
});

test("nobody can be asked unless both ends are a terminal", () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const terminal = <T extends object>(stream: T) => Object.assign(stream, { isTTY: true });

  expect(isInteractive({ input, output: terminal(new PassThrough()) })).toBe(false);
  expect(isInteractive({ input: terminal(new PassThrough()), output })).toBe(false);
  expect(isInteractive({ input: terminal(input), output: terminal(output) })).toBe(true);
});
