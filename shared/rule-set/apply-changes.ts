import type { RuleControl, TargetFailure } from "../ports/rule-control.ts";
import type { RuleChange, RuleStep } from "./rule-change.ts";

/** What became of a change that had something to be done. */
export interface ChangeOutcome {
  readonly change: RuleChange;
  /** Why it was not done, or not to its end. */
  readonly failure?: string;
}

/**
 * Does what a plan says, rule by rule. A step that fails ends the work on its rule, and the others go on; what was
 * not done stands in the next plan.
 * @param onOutcome told of each rule when it is done or has failed
 * @returns in order, of the changes with steps
 */
export async function applyChanges(
  control: RuleControl,
  changes: readonly RuleChange[],
  onOutcome: (outcome: ChangeOutcome) => void = () => {},
): Promise<readonly ChangeOutcome[]> {
  const outcomes: ChangeOutcome[] = [];
  for (const change of changes.filter(({ steps }) => steps.length > 0)) {
    const failure = await failureOf(control, change);
    const outcome = { change, ...(failure !== undefined && { failure }) };
    outcomes.push(outcome);
    onOutcome(outcome);
  }
  return outcomes;
}

async function failureOf(control: RuleControl, change: RuleChange): Promise<string | undefined> {
  for (const step of change.steps) {
    try {
      const failures = await take(control, change, step);
      if (failures.length > 0) {
        return failures
          .map(({ id, errorCode, errorMessage }) => `target ${id}: ${errorCode}: ${errorMessage}`)
          .join("; ");
      }
    } catch (error) {
      return error instanceof Error ? `${step.do}: ${error.name}: ${error.message}` : String(error);
    }
  }
  return undefined;
}

async function take(
  control: RuleControl,
  change: RuleChange,
  step: RuleStep,
): Promise<readonly TargetFailure[]> {
  switch (step.do) {
    case "put-targets":
      return control.putTargets(change, step.targets);
    case "remove-targets":
      return control.removeTargets(change, step.ids);
    case "put-rule":
      await control.putRule(step.rule);
      return [];
    case "tag-rule":
      await control.tagRule(step.arn, step.tags);
      return [];
    case "untag-rule":
      await control.untagRule(step.arn, step.keys);
      return [];
    case "delete-rule":
      await control.deleteRule(change);
      return [];
  }
}
