import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { InvalidEvent } from "../../shared/pattern/event-fields.ts";
import { InvalidEventPattern } from "../../shared/pattern/invalid-event-pattern.ts";
import { testEventPattern } from "../../shared/pattern/test-event-pattern.ts";
import { describeError } from "../command-failure.ts";
import { EXIT } from "../exit-code.ts";

/** `opentrail rules test`. */
export function testPatternCommand(): Command {
  return new Command("test")
    .description("tell whether an event pattern matches an event, as EventBridge would")
    .argument("<pattern-file>", "a file with the event pattern")
    .argument("<event-file>", "a file with the event as rules see it: id, detail-type, source, … detail")
    .addHelpText(
      "after",
      "\nExit codes: 0 it matches; 1 it does not; 2 one of the files is not what it should be.",
    )
    .action(async (patternFile: string, eventFile: string, _options: unknown, command: Command) => {
      const usage = (message: string): never => command.error(`error: ${message}`, { exitCode: EXIT.usage });
      const [pattern, event] = await Promise.all(
        [patternFile, eventFile].map((file) =>
          readFile(file, "utf8").catch((error: unknown) => usage(describeError(error))),
        ),
      );
      const isMatch = matches(pattern ?? "", event ?? "", usage);
      process.stdout.write(
        isMatch ? "The pattern matches the event.\n" : "The pattern does not match the event.\n",
      );
      process.exitCode = isMatch ? EXIT.done : EXIT.refused;
    });
}

function matches(pattern: string, event: string, usage: (message: string) => never): boolean {
  try {
    return testEventPattern(pattern, event);
  } catch (error) {
    if (error instanceof InvalidEventPattern || error instanceof InvalidEvent) {
      return usage(error.message);
    }
    throw error;
  }
}
