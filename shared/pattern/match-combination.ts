import { arraysAround, type ElementTree, elementTree } from "./array-element.ts";
import { choicesWithout, chooseHolder, FREE_CHOICE, forget } from "./element-choice.ts";
import type { EventFields, FieldValue } from "./event-fields.ts";
import type { Combination, FieldCondition } from "./pattern.ts";
import { passes } from "./value-test.ts";

const NO_VALUES: readonly FieldValue[] = [];
const NO_ARRAYS: ReadonlySet<number> = new Set();

/** Whether all conditions hold, those on fields of one array for one of its elements. */
export function matchesCombination(combination: Combination, fields: EventFields): boolean {
  let inArrays = false;
  for (const condition of combination) {
    const values = fields.get(condition.path) ?? NO_VALUES;
    const isInArray = values.some((value) => value.element !== undefined);
    inArrays ||= isInArray;
    const isAbsent = condition.orAbsent && (values.length === 0 || isInArray);
    if (!isAbsent && !values.some((value) => holds(condition, value))) {
      return false;
    }
  }
  return !inArrays || matchesConsistently(combination, fields);
}

function holds(condition: FieldCondition, value: FieldValue): boolean {
  return (
    (value.kind === "string" && condition.strings.has(value.text)) ||
    condition.tests.some((test) => passes(test, value))
  );
}

/**
 * Goes through the conditions with every choice of array elements that is still possible. Absence is judged
 * by what the conditions before it have chosen, as in event-ruler: a field may be absent from one element and
 * present in the next. Arrays that no later condition meets are forgotten, which keeps the choices few.
 */
function matchesConsistently(combination: Combination, fields: EventFields): boolean {
  const mattering = arraysMetLater(combination, fields);
  let choices = FREE_CHOICE;
  for (const [at, condition] of combination.entries()) {
    const values = fields.get(condition.path) ?? NO_VALUES;
    const holding = values.filter((value) => holds(condition, value));
    const withValue = chooseHolder(choices, treeOf(holding));
    const withoutAny = condition.orAbsent ? choicesWithout(choices, treeOf(values)) : [];
    choices = forget(new Map([...withValue, ...withoutAny]), mattering[at] ?? NO_ARRAYS);
  }
  return choices.size > 0;
}

function treeOf(values: readonly FieldValue[]): ElementTree {
  return elementTree(values.map((value) => value.element));
}

/** For each condition, the arrays that values of the conditions after it stand in. */
function arraysMetLater(combination: Combination, fields: EventFields): readonly ReadonlySet<number>[] {
  const later: ReadonlySet<number>[] = [];
  let met = NO_ARRAYS;
  for (const condition of combination.toReversed()) {
    later.unshift(met);
    const values = fields.get(condition.path) ?? NO_VALUES;
    met = new Set([...met, ...arraysAround(values.map((value) => value.element))]);
  }
  return later;
}
