import type { ArrayElement, ElementTree } from "./array-element.ts";

/**
 * The elements that a match is bound to: of each array one at most. Only the innermost are listed, since the
 * elements around them follow. More than one is rare: it takes arrays that are apart and both still matter.
 */
export type Choice = readonly ArrayElement[];

/** Choices without repetition. */
export type Choices = ReadonlyMap<string, Choice>;

/** The beginning: nothing is chosen, so everything agrees. */
export const FREE_CHOICE: Choices = new Map([["", []]]);

/**
 * Every choice that is left when, beside what was chosen, one value has to hold. A value agrees with a choice
 * if no array would have to be in two elements at once.
 */
export function chooseHolder(choices: Choices, holders: ElementTree): Choices {
  const chosen = new Map<string, Choice>();
  // What is found inside of a chosen element is a choice of its own, however it was come to.
  const entered = new Set<ArrayElement>();
  for (const choice of choices.values()) {
    const [element, ...others] = choice;
    if (others.length > 0) {
      for (const holder of holders.holding) {
        add(chosen, combined(choice, holder));
      }
      continue;
    }
    const { around, aside } = surroundings(element, holders);
    if (around) {
      add(chosen, choice);
    }
    for (const holder of holdersFrom(aside, holders, new Set())) {
      add(chosen, [...choice, holder]);
    }
    for (const holder of holdersFrom(holders.within.get(element) ?? [], holders, entered)) {
      add(chosen, [holder]);
    }
  }
  return chosen;
}

/** Whether any value agrees with a choice. */
export function someHolderAgrees(choice: Choice, holders: ElementTree): boolean {
  const [element, ...others] = choice;
  if (others.length > 0) {
    return [...holders.holding].some((holder) => combined(choice, holder) !== undefined);
  }
  const { around, aside } = surroundings(element, holders);
  return around || aside.length > 0 || holders.within.has(element);
}

/** Forgets the arrays that cannot matter any more. */
export function forget(choices: Choices, mattering: ReadonlySet<number>): Choices {
  const kept = new Map<string, Choice>();
  for (const choice of choices.values()) {
    const elements = new Set<ArrayElement>();
    for (const element of choice) {
      let at: ArrayElement | undefined = element;
      while (at !== undefined && !mattering.has(at.array)) {
        at = at.around;
      }
      if (at !== undefined) {
        elements.add(at);
      }
    }
    add(kept, [...elements]);
  }
  return kept;
}

/** What agrees with an element without being inside of it: holders around it, and arrays beside its own. */
function surroundings(element: ArrayElement | undefined, holders: ElementTree) {
  const aside: ArrayElement[] = [];
  let around = holders.holding.has(element);
  for (let at = element; at !== undefined; at = at.around) {
    const { array } = at;
    around ||= holders.holding.has(at.around);
    for (const beside of holders.within.get(at.around) ?? []) {
      if (beside.array !== array) {
        aside.push(beside);
      }
    }
  }
  return { around, aside };
}

/** The holders at and inside of elements; of what was entered before, none. */
function* holdersFrom(
  elements: readonly ArrayElement[],
  holders: ElementTree,
  entered: Set<ArrayElement>,
): Iterable<ArrayElement> {
  const pending = [...elements];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (!entered.has(at)) {
      entered.add(at);
      for (const inner of holders.within.get(at) ?? []) {
        pending.push(inner);
      }
      if (holders.holding.has(at)) {
        yield at;
      }
    }
  }
}

/** A choice with one more element, or undefined where they do not agree. */
function combined(choice: Choice, holder: ArrayElement | undefined): Choice | undefined {
  const indexOf = new Map<number, ArrayElement>();
  for (let at = holder; at !== undefined; at = at.around) {
    indexOf.set(at.array, at);
  }
  const kept: ArrayElement[] = [];
  let isImplied = holder === undefined;
  for (const element of choice) {
    let isAround = false;
    for (let at: ArrayElement | undefined = element; at !== undefined; at = at.around) {
      const same = indexOf.get(at.array);
      if (same !== undefined && same !== at) {
        return undefined;
      }
      isImplied ||= at === holder;
      isAround ||= at === element && same === at;
    }
    if (!isAround || element === holder) {
      kept.push(element);
    }
  }
  return isImplied || holder === undefined ? kept : [...kept, holder];
}

function add(choices: Map<string, Choice>, choice: Choice | undefined): void {
  if (choice !== undefined) {
    const ordered = choice.toSorted((a, b) => a.id - b.id);
    choices.set(ordered.map((element) => element.id).join(), ordered);
  }
}
