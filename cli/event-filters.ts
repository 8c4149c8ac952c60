import { type Command, InvalidArgumentError, type Option } from "commander";
import { ATTRIBUTE_NAMES } from "../shared/history/event-attributes.ts";
import { parseDuration } from "./duration.ts";
import { flag, option } from "./options.ts";

/** Options that say which events are meant, as commander gives them. */
export interface EventFilters {
  readonly start?: string;
  readonly end?: string;
  readonly text?: string;
  readonly category?: readonly string[];
  readonly oldestFirst?: boolean;
  /** By the option of an attribute: `eventName`, `accessKeyId`… */
  readonly [option: string]: unknown;
}

/** `AccessKeyId` is `--access-key-id`; `SourceIPAddress` is `--source-ip-address`. */
function flagOf(attribute: string): string {
  return attribute.replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-").toLowerCase();
}

/** Adds the filters to a command: one option an attribute, times, text and category. */
export function addEventFilters(command: Command): Command {
  const others = command.options.length;
  for (const attribute of ATTRIBUTE_NAMES) {
    command.addOption(
      option(
        `--${flagOf(attribute)} <value>`,
        `only events with this ${attribute}; again: or this one`,
      ).argParser(collect),
    );
  }
  return command
    .addOption(
      option("--start <time>", "from this time on: 2026-01-31T12:00:00Z, or 2h for two hours ago").argParser(
        time,
      ),
    )
    .addOption(option("--end <time>", "up to this time").argParser(time))
    .addOption(option("--text <text>", "only events whose record contains this text, whatever its case"))
    .addOption(
      option("--category <name>", "management (default), insight or data; again for several")
        .choices(["management", "insight", "data"])
        .argParser(category),
    )
    .addOption(flag("--oldest-first", "in the order in which they happened"))
    .hook("preAction", () => tellOfVariables(command, command.options.slice(others)));
}

/** A variable that a shell still has would leave events out without a word. */
function tellOfVariables(command: Command, filters: readonly Option[]): void {
  const variables = filters
    .filter((filter) => command.getOptionValueSource(filter.attributeName()) === "env")
    .map(({ envVar }) => envVar);
  if (variables.length > 0) {
    process.stderr.write(`Filtered by what the environment has: ${variables.join(", ")}\n`);
  }
}

/** The query string of `GET /_opentrail/events` for the filters. */
export function searchParameters(filters: EventFilters, region: string): URLSearchParams {
  const parameters = new URLSearchParams({ region });
  for (const attribute of ATTRIBUTE_NAMES) {
    const values = filters[camelCase(flagOf(attribute))];
    for (const value of Array.isArray(values) ? values : []) {
      parameters.append(attribute, String(value));
    }
  }
  for (const name of ["start", "end", "text"] as const) {
    const value = filters[name];
    if (value !== undefined) {
      parameters.set(name, value);
    }
  }
  for (const value of filters.category ?? []) {
    parameters.append("category", value);
  }
  if (filters.oldestFirst) {
    parameters.set("order", "oldest");
  }
  return parameters;
}

function camelCase(flag: string): string {
  return flag.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function category(value: string, before: readonly string[] | undefined): readonly string[] {
  if (!["management", "insight", "data"].includes(value)) {
    throw new InvalidArgumentError("Allowed choices are management, insight, data.");
  }
  return collect(value, before);
}

/** A time, or a duration before now, as ISO 8601. */
function time(text: string): string {
  const ago = parseDuration(text);
  const moment = ago === undefined ? Date.parse(text) : Date.now() - ago;
  if (Number.isNaN(moment)) {
    throw new InvalidArgumentError(
      "A time is needed, such as 2026-01-31T12:00:00Z, or a duration such as 2h.",
    );
  }
  return new Date(moment).toISOString();
}
