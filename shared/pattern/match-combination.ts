import { agrees, type Chosen, choiceKey, choose } from "./array-membership.ts";
import type { EventFields, FieldValue } from "./event-fields.ts";
import type { Combination, FieldCondition } from "./pattern.ts";
import { passes } from "./value-test.ts";

const NO_VALUES: readonly FieldValue[] = [];
const NOTHING_CHOSEN: Chosen = new Map();

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
 * present in the next. Arrays that no later condition can meet are forgotten, which keeps the choices few.
 */
function matchesConsistently(combination: Combination, fields: EventFields): boolean {
  const valuesOf = combination.map((condition) => fields.get(condition.path) ?? NO_VALUES);
  const mattersAfter = arraysMetLater(valuesOf);
  let choices = new Map([["", NOTHING_CHOSEN]]);
  for (const [at, condition] of combination.entries()) {
    const values = valuesOf[at] ?? NO_VALUES;
    const matters = mattersAfter[at] ?? new Set<number>();
    const held = values.filter((value) => holds(condition, value));
    const next = new Map<string, Chosen>();
    for (const chosen of choices.values()) {
      const agreeing = held.filter((value) => agrees(chosen, value.element)).map((value) => value.element);
      if (condition.orAbsent && !values.some((value) => agrees(chosen, value.element))) {
        agreeing.push(undefined);
      }
      for (const element of agreeing) {
        const choice = choose(chosen, element, matters);
        next.set(choiceKey(choice), choice);
      }
    }
    choices = next;
  }
  return choices.size > 0;
}

/** For each condition the arrays that values of the conditions after it stand in. */
function arraysMetLater(valuesOf: readonly (readonly FieldValue[])[]): readonly ReadonlySet<number>[] {
  const later: Set<number>[] = valuesOf.map(() => new Set());
  for (let at = valuesOf.length - 1; at > 0; at -= 1) {
    const arrays = new Set(later[at]);
    for (const value of valuesOf[at] ?? NO_VALUES) {
      for (let element = value.element; element !== undefined; element = element.around) {
        arrays.add(element.array);
      }
    }
    later[at - 1] = arrays;
  }
  return later;
}
