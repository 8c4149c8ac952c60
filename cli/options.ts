import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "./duration.ts";

/** An option that is also an environment variable: `--data-dir` is `OPENTRAIL_DATA_DIR`. */
export function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(`OPENTRAIL_${made.name().replaceAll("-", "_").toUpperCase()}`);
}

/** An option without a value, off unless it is given. As a variable, `0`, `false`, `no` and nothing are off too. */
export function flag(flags: string, description: string): Option {
  const made = option(flags, description).default(false);
  const value = process.env[made.envVar ?? ""] ?? "";
  // Commander takes a variable's mere presence for true.
  return ["", "0", "false", "no"].includes(value.toLowerCase())
    ? new Option(flags, description).default(false)
    : made;
}

/** `--endpoint`: which server a client command talks to. */
export function endpointOption(): Option {
  return option("--endpoint <url>", "the server to talk to")
    .default("http://127.0.0.1:4570")
    .argParser((text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
        throw new InvalidArgumentError("An http:// or https:// URL is needed.");
      }
      // A path is that of something before the server: an emulator's function URL has one.
      return url.origin + url.pathname.replace(/\/$/, "");
    });
}

/** `--region`: the region that requests are signed for, where they are signed. */
export function regionOption(): Option {
  return option("--region <name>", "the region to sign requests for").default("us-east-1");
}

/** `--json`: print what the server answered. */
export function jsonOption(): Option {
  return flag("--json", "print the server's answer as JSON");
}

/** Reads a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`A whole number from ${least} to ${most} is needed.`);
    }
    return value;
  };
}

/** Reads a duration as milliseconds. */
export function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new InvalidArgumentError("A duration is needed, such as 500ms, 5s, 1m or 1h.");
  }
  return milliseconds;
}

/** Reads a duration that is not shorter than some milliseconds. */
export function durationFrom(least: number): (text: string) => number {
  return (text) => {
    const milliseconds = duration(text);
    if (milliseconds < least) {
      throw new InvalidArgumentError(`At least ${least} ms are needed.`);
    }
    return milliseconds;
  };
}

/** Reads an AWS account id. */
export function accountId(text: string): string {
  if (!/^\d{12}$/.test(text)) {
    throw new InvalidArgumentError("An account id has 12 digits.");
  }
  return text;
}

/** Reads account ids with a comma between two. */
export function accountIds(text: string): readonly string[] {
  return text.split(",").map((id) => accountId(id.trim()));
}
