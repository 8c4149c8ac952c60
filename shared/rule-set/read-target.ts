import type { JsonValue } from "../event/json.ts";
import type { InputTransformer } from "../rule/input-transformer.ts";
import type { RuleTarget } from "../rule/rule.ts";
import { FieldProblem, Fields, type TextForm, textsAt } from "./fields.ts";

/** Names of rules and ids of targets. */
export const NAME: TextForm = {
  least: 1,
  most: 64,
  pattern: /^[.\-_A-Za-z0-9]+$/,
  said: "only letters, digits and . - _ may be",
};

/** An ARN; what `placeRules` fills in may stand in it. */
export const ARN: TextForm = {
  most: 1600,
  pattern: /^arn:(?:\$\{AWS::Partition\}|[^:]+):[^:]+:/,
  said: "is no ARN",
};

/** An ARN, with what `placeRules` fills in, or what only the embedded host invokes: the address of a webhook. */
const TARGET_ARN: TextForm = {
  most: 1600,
  pattern: /^(?:arn:(?:\$\{AWS::Partition\}|[^:]+):[^:]+:|https?:\/\/.)/,
  said: "is no ARN (nor, for the embedded host, the http:// or https:// address of a webhook)",
};

const JSON_PATH: TextForm = { most: 256, pattern: /^\$/, said: "is no JSON path such as $.detail" };

/**
 * A target of a rule in a rules file.
 * @param path what leads to it: `targets[0]`
 * @throws FieldProblem
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
 */
export function readTarget(value: JsonValue | undefined, path: string): RuleTarget {
  const fields = new Fields(value, path, [
    "id",
    "arn",
    "roleArn",
    "input",
    "inputPath",
    "inputTransformer",
    "deadLetterConfig",
    "retryPolicy",
  ]);
  const inputs = ["input", "inputPath", "inputTransformer"].filter(
    (name) => fields.value(name) !== undefined,
  );
  if (inputs.length > 1) {
    throw new FieldProblem(`${path}: only one of ${inputs.join(" and ")} may be given`);
  }
  const roleArn = fields.optionalText("roleArn", ARN);
  const input = readInput(fields);
  const inputPath = fields.optionalText("inputPath", JSON_PATH);
  const inputTransformer = readTransformer(fields);
  const deadLetterConfig = fields.optionalFields("deadLetterConfig", ["arn"]);
  const retryPolicy = readRetryPolicy(fields);
  return {
    id: fields.text("id", NAME),
    arn: fields.text("arn", TARGET_ARN),
    ...(roleArn !== undefined && { roleArn }),
    ...(input !== undefined && { input }),
    ...(inputPath !== undefined && { inputPath }),
    ...(inputTransformer !== undefined && { inputTransformer }),
    ...(deadLetterConfig !== undefined && { deadLetterConfig: { arn: deadLetterConfig.text("arn", ARN) } }),
    ...(retryPolicy !== undefined && { retryPolicy }),
  };
}

/** The constant that the target gets, as JSON text. It may be written as a JSON text, or as the value itself. */
function readInput(fields: Fields): string | undefined {
  const value = fields.value("input");
  if (value === undefined) {
    return undefined;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length > 8192) {
    throw new FieldProblem(`${fields.at("input")}: has ${text.length} characters; 8192 may be`);
  }
  try {
    JSON.parse(text);
  } catch {
    throw new FieldProblem(
      `${fields.at("input")}: is no JSON text; a text of one's own needs quotes within: '"…"'`,
    );
  }
  return text;
}

function readTransformer(fields: Fields): InputTransformer | undefined {
  const transformer = fields.optionalFields("inputTransformer", ["inputPathsMap", "inputTemplate"]);
  if (transformer === undefined) {
    return undefined;
  }
  const at = transformer.at("inputPathsMap");
  const paths = textsAt(transformer.value("inputPathsMap") ?? {}, at, JSON_PATH);
  const names = Object.keys(paths);
  if (names.length > 100) {
    throw new FieldProblem(`${at}: has ${names.length} members; 100 may be`);
  }
  const bad = names.find((name) => !/^[A-Za-z0-9_-]{1,256}$/.test(name));
  if (bad !== undefined) {
    throw new FieldProblem(`${at}.${bad}: only letters, digits and _ - may be in a name`);
  }
  return { paths, template: transformer.text("inputTemplate", { least: 1, most: 8192 }) };
}

function readRetryPolicy(fields: Fields): RuleTarget["retryPolicy"] {
  const policy = fields.optionalFields("retryPolicy", ["maximumEventAgeInSeconds", "maximumRetryAttempts"]);
  const age = policy?.optionalNumber("maximumEventAgeInSeconds", 60, 86_400);
  const attempts = policy?.optionalNumber("maximumRetryAttempts", 0, 185);
  return (
    policy && {
      ...(age !== undefined && { maximumEventAgeInSeconds: age }),
      ...(attempts !== undefined && { maximumRetryAttempts: attempts }),
    }
  );
}
