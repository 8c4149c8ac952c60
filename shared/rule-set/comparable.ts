import type { RetryPolicy } from "../rule/rule.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { BusRuleHead, BusTarget } from "./set-rule.ts";

/** Fields by name, each as a text that is the same for everything that means the same. What is absent is a default. */
export type Comparable = Readonly<Record<string, string>>;

/** A field that is not as it should be. */
export interface FieldChange {
  readonly field: string;
  /** Absent where the field comes new. */
  readonly from?: string;
  /** Absent where the field goes. */
  readonly to?: string;
}

/** What an event is retried where nobody says otherwise. */
const RETRIES: Required<RetryPolicy> = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };

/** What PutRule sets of a rule. */
export function comparableRule(
  rule: Pick<BusRuleHead, "description" | "state" | "eventPattern" | "scheduleExpression" | "roleArn">,
): Comparable {
  return given({
    description: rule.description || undefined,
    state: rule.state,
    eventPattern: rule.eventPattern && canonicalJson(rule.eventPattern),
    scheduleExpression: rule.scheduleExpression || undefined,
    roleArn: rule.roleArn,
  });
}

/** What PutTargets sets of a target. */
export function comparableTarget(target: BusTarget): Comparable {
  const { inputTransformer: transformer, retryPolicy } = target;
  const retries = { ...RETRIES, ...retryPolicy };
  return given({
    arn: target.arn,
    roleArn: target.roleArn,
    input: target.input && canonicalJson(target.input),
    // The whole event is what a target gets without a path.
    inputPath: target.inputPath === "$" ? undefined : target.inputPath,
    "inputTransformer.inputPathsMap":
      transformer && Object.keys(transformer.paths).length > 0
        ? canonicalJson(JSON.stringify(transformer.paths))
        : undefined,
    "inputTransformer.inputTemplate": transformer?.template,
    deadLetterConfig: target.deadLetterConfig?.arn,
    retryPolicy:
      canonicalJson(JSON.stringify(retries)) === canonicalJson(JSON.stringify(RETRIES))
        ? undefined
        : canonicalJson(JSON.stringify(retries)),
    otherParameters: target.otherParameters?.join(", "),
  });
}

/** The fields in which two things differ. @param prefix of the fields' names */
export function changesBetween(from: Comparable, to: Comparable, prefix = ""): readonly FieldChange[] {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].flatMap((name) => {
    const before = ownText(from, name);
    const after = ownText(to, name);
    return before === after
      ? []
      : [
          {
            field: `${prefix}${name}`,
            ...(before !== undefined && { from: before }),
            ...(after !== undefined && { to: after }),
          },
        ];
  });
}

function ownText(fields: Comparable, name: string): string | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function given(fields: Readonly<Record<string, string | undefined>>): Comparable {
  const present = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return Object.fromEntries(present);
}
