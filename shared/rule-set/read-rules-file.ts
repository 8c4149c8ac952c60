import { isJsonObject, type JsonValue } from "../event/json.ts";
import { compilePattern } from "../pattern/compile-pattern.ts";
import { InvalidEventPattern } from "../pattern/invalid-event-pattern.ts";
import { MOST_TARGETS, type RuleState } from "../rule/rule.ts";
import { FieldProblem, Fields, textsAt } from "./fields.ts";
import { InvalidRulesFile } from "./invalid-rules-file.ts";
import { SET_TAG } from "./ownership.ts";
import { ARN, NAME, readTarget } from "./read-target.ts";
import { readRulesDocument } from "./rules-document.ts";
import type { SetRule } from "./set-rule.ts";

/** Tags a resource may have, without the one that names the rule's set. */
const MOST_TAGS = 49;

const STATES: readonly RuleState[] = ["ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"];

/** A file with rules. */
export interface RulesFile {
  /** What people are told: its path. */
  readonly name: string;
  readonly text: string;
}

/**
 * The rules of files: `rules:` and a list, in YAML or JSON, with the names of EventBridge's PutRule and PutTargets. All that is
 * wrong is told at once, one problem a rule.
 * @throws InvalidRulesFile
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
export function readRulesFiles(files: readonly RulesFile[]): readonly SetRule[] {
  const problems: string[] = [];
  const rules = files.flatMap((file) => {
    try {
      return readFile(file, problems);
    } catch (error) {
      if (error instanceof InvalidRulesFile) {
        problems.push(...error.problems);
        return [];
      }
      throw error;
    }
  });
  const seen = new Map<string, SetRule>();
  for (const rule of rules) {
    const key = `${rule.eventBusName} ${rule.name}`;
    const first = seen.get(key);
    if (first !== undefined) {
      problems.push(
        `${rule.file}: rule ${rule.name}: name: stands twice for event bus ${rule.eventBusName}, first in ${first.file}`,
      );
    }
    seen.set(key, first ?? rule);
  }
  if (problems.length > 0) {
    throw new InvalidRulesFile(problems);
  }
  return rules;
}

function readFile({ name: file, text }: RulesFile, problems: string[]): readonly SetRule[] {
  const document = readRulesDocument(file, text);
  return unlessProblem(problems, file, () =>
    new Fields(document, "the file", ["rules"]).list("rules"),
  ).flatMap((rule, index) =>
    unlessProblem(problems, `${file}: ${titleOf(rule, index)}`, () => [readRule(rule, file)]),
  );
}

/** What cannot be read is a problem, and gives nothing. */
function unlessProblem<T>(problems: string[], where: string, read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof FieldProblem) {
      problems.push(`${where}: ${error.message}`);
      return [];
    }
    throw error;
  }
}

function titleOf(rule: JsonValue, index: number): string {
  const name = isJsonObject(rule) ? (rule.name ?? rule.Name) : undefined;
  return typeof name === "string" && name !== "" ? `rule ${name}` : `rule ${index + 1} of the file`;
}

function readRule(value: JsonValue, file: string): SetRule {
  const fields = new Fields(value, "", [
    "name",
    "description",
    "state",
    "eventPattern",
    "eventBusName",
    "roleArn",
    "tags",
    "targets",
  ]);
  const name = fields.text("name", NAME);
  const description = fields.optionalText("description", { most: 512 });
  const roleArn = fields.optionalText("roleArn", ARN);
  return {
    name,
    ...(description !== undefined && { description }),
    state: readState(fields),
    eventPattern: readPattern(fields.value("eventPattern")),
    ...(roleArn !== undefined && { roleArn }),
    eventBusName:
      fields.optionalText("eventBusName", {
        least: 1,
        most: 256,
        pattern: /^[/.\-_A-Za-z0-9]+$/,
        said: "the bus's name is needed, not its ARN",
      }) ?? "default",
    tags: readTags(fields.value("tags")),
    targets: readTargets(fields.list("targets")),
    file,
  };
}

function readState(fields: Fields): RuleState {
  const text = fields.optionalText("state", { most: 64 }) ?? "ENABLED";
  const state = STATES.find((known) => known === text);
  if (state === undefined) {
    throw new FieldProblem(`state: is none of ${STATES.join(", ")}: ${text}`);
  }
  return state;
}

/** An event pattern, as JSON text: written as such, or as the object itself. */
function readPattern(value: JsonValue | undefined): string {
  if (value === undefined) {
    throw new FieldProblem("eventPattern: is missing; rules on a schedule are not for rules files");
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  try {
    compilePattern(text);
  } catch (error) {
    if (error instanceof InvalidEventPattern) {
      throw new FieldProblem(`eventPattern: ${placed(error.message, typeof value === "string")}`, {
        cause: error,
      });
    }
    throw error;
  }
  return text;
}

/** A problem with a pattern on one line. The lines and columns of a text that nobody wrote help nobody: then the field is named alone. */
function placed(message: string, isText: boolean): string {
  return isText
    ? message.replace("\n", "")
    : message.replace(/\n at line \d+, column \d+(?: \((.*)\))?$/, (_, path?: string) =>
        path === undefined ? "" : ` at ${path}`,
      );
}

/** Tags as an object, or as CloudFormation's list of Key and Value. */
function readTags(value: JsonValue | undefined): Readonly<Record<string, string>> {
  const form = { most: 256 };
  const tags = Array.isArray(value)
    ? tagList(value as readonly JsonValue[])
    : textsAt(value ?? {}, "tags", form);
  const keys = Object.keys(tags);
  const reserved = keys.find((key) => key.startsWith("aws:") || key === SET_TAG);
  if (reserved !== undefined) {
    throw new FieldProblem(`tags.${reserved}: is not for files to set`);
  }
  const bad = keys.find((key) => key.length < 1 || key.length > 128);
  if (bad !== undefined) {
    throw new FieldProblem(`tags.${bad}: a key has 1 to 128 characters`);
  }
  if (keys.length > MOST_TAGS) {
    throw new FieldProblem(`tags: are ${keys.length}; ${MOST_TAGS} may be`);
  }
  return tags;
}

function tagList(list: readonly JsonValue[]): Readonly<Record<string, string>> {
  const tags = list.map((tag, index) => {
    const fields = new Fields(tag, `tags[${index}]`, ["key", "value"]);
    return [fields.text("key", { least: 1, most: 128 }), fields.text("value", { most: 256 })] as const;
  });
  return Object.fromEntries(tags);
}

function readTargets(list: readonly JsonValue[]): SetRule["targets"] {
  if (list.length > MOST_TARGETS) {
    throw new FieldProblem(`targets: are ${list.length}; a rule has ${MOST_TARGETS} at most`);
  }
  const targets = list.map((target, index) => readTarget(target, `targets[${index}]`));
  const ids = targets.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice >= 0) {
    throw new FieldProblem(`targets[${twice}].id: another target has the id ${ids[twice]}`);
  }
  return targets;
}
