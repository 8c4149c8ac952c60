import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { runCommand } from "../support/run-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const EVENT = path.join(import.meta.dirname, "../../events/4-remediate/stop-logging.json");
const folder = temporaryFolder();

afterAll(() => folder.remove());

function file(name: string, content: string): string {
  const target = path.join(folder.path, name);
  writeFileSync(target, content);
  return target;
}

const run = (pattern: string, event = EVENT) =>
  runCommand("http://127.0.0.1:1", "rules", "test", file("pattern.json", pattern), event);

test("a pattern that matches the event ends with 0", async () => {
  const { code, out, err } = await run('{"detail":{"eventName":["StopLogging"]}}');

  expect({ code, out, err }).toEqual({ code: 0, out: "The pattern matches the event.\n", err: "" });
});

test("a pattern that does not match ends with 1", async () => {
  const { code, out } = await run('{"detail":{"eventName":[{"anything-but":"StopLogging"}]}}');

  expect({ code, out }).toEqual({ code: 1, out: "The pattern does not match the event.\n" });
});

test.each([
  ["a pattern that is none, with the place", '{"detail":"x"}', EVENT, "line 1"],
  ["an event that lacks what every event has", '{"source":["x"]}', undefined, "detail-type"],
  ["a file that is not there", '{"source":["x"]}', "/nonexistent/event.json", "no such file"],
])("%s ends with 2", async (_what, pattern, event, message) => {
  const { code, out, err } = await run(pattern, event ?? file("event.json", '{"id":"1"}'));

  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(message);
});
