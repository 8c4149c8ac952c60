import type { EventBusHead, RuleControl } from "../ports/rule-control.ts";
import { InvalidRulesFile } from "./invalid-rules-file.ts";
import { setOf } from "./ownership.ts";
import { placeOfBus, placeRules, type RulePlace } from "./place-rules.ts";
import { planRemoval } from "./plan-removal.ts";
import { type PlanRequest, planRules } from "./plan-rules.ts";
import { readBusRules } from "./read-bus-rules.ts";
import type { RuleChange } from "./rule-change.ts";
import type { SetRule } from "./set-rule.ts";

/** Changes, and where they are made. */
export interface RulePlan {
  readonly place: RulePlace;
  readonly changes: readonly RuleChange[];
}

/**
 * Compares the rules of files with those on the event buses.
 * @throws InvalidRulesFile if a file's rule names a bus that is not there, or an ARN leaves open what is not known
 */
export async function makePlan(
  control: RuleControl,
  rules: readonly SetRule[],
  request: Omit<PlanRequest, "wanted" | "found">,
): Promise<RulePlan> {
  const buses = await control.listBuses();
  const place = placeOf(buses);
  const wanted = placeRules(rules, place);
  checkBuses(wanted, buses);
  const names = new Set(wanted.map(({ eventBusName, name }) => `${eventBusName} ${name}`));
  const found = await readBusRules(
    control,
    buses.map(({ name }) => name),
    (rule) => setOf(rule) === request.set || names.has(`${rule.eventBusName} ${rule.name}`),
  );
  return { place, changes: planRules({ ...request, wanted, found }) };
}

/** Plans to delete rules of a set. @param names of the rules; none for all of the set */
export async function makeRemovalPlan(
  control: RuleControl,
  set: string,
  names: readonly string[],
): Promise<RulePlan> {
  const buses = await control.listBuses();
  const busNames = buses.map(({ name }) => name);
  const found = await readBusRules(control, busNames, (rule) => setOf(rule) === set);
  return { place: placeOf(buses), changes: planRemoval({ set, found, names }) };
}

/** Every account and region has a bus, and its ARN names both. */
function placeOf([bus]: readonly EventBusHead[]): RulePlace {
  if (bus === undefined) {
    throw new Error("The server has no event bus, not even the default one");
  }
  return placeOfBus(bus.arn);
}

function checkBuses(rules: readonly SetRule[], buses: readonly EventBusHead[]): void {
  const names = new Set(buses.map(({ name }) => name));
  const problems = rules
    .filter(({ eventBusName }) => !names.has(eventBusName))
    .map(
      ({ file, name, eventBusName }) =>
        `${file}: rule ${name}: eventBusName: there is no event bus ${eventBusName}`,
    );
  if (problems.length > 0) {
    throw new InvalidRulesFile(problems);
  }
}
