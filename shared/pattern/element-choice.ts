import type { ArrayElement, ElementTree } from "./array-element.ts";

/**
 * The elements that a match is bound to: of each array one at most. Only the innermost are listed, since the
 * elements around them follow. More than one is rare: it takes arrays that are apart and both still matter.
 */
type Choice = readonly ArrayElement[];

/** Choices without repetition. */
type Choices = ReadonlyMap<string, Choice>;

/** The beginning: nothing is chosen, so everything agrees. */
export const FREE_CHOICE: Choices = new Map([["", []]]);

/**
 * Every choice that is left when, beside what was chosen, one value has to hold. A value agrees with a choice
 * if no array would have to be in two elements at once.
 */
export function chooseHolder(choices: Choices, holders: ElementTree): Choices {
  const chosen = new Map<string, Choice>();
  const surroundings = surroundingsIn(holders);
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
    const { around, aside } = surroundings(element);
    if (around) {
      add(chosen, choice);
    }
    for (const holder of holdersFrom(aside, holders, new Set())) {
      add(chosen, [...choice, holder]);
    }
    for (const holder of holdersFrom(inside(element, holders), holders, entered)) {
      add(chosen, [holder]);
    }
  }
  return chosen;
}

/** The choices that no value agrees with. */
export function choicesWithout(choices: Choices, holders: ElementTree): Choices {
  const surroundings = surroundingsIn(holders);
  const isWithout = (choice: Choice) => {
    const [element, ...others] = choice;
    if (others.length > 0) {
      return [...holders.holding].every((holder) => combined(choice, holder) === undefined);
    }
    const { around, aside } = surroundings(element);
    return !around && aside.length === 0 && !holders.within.has(element);
  };
  return new Map([...choices].filter(([, choice]) => isWithout(choice)));
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

/** What agrees with an element without being inside of it. */
interface Surroundings {
  /** Whether the element itself holds a value, or one around it. */
  readonly around: boolean;
  /** Elements of arrays that stand beside the element's own, or beside one around it. */
  readonly aside: readonly ArrayElement[];
}

/** Remembers what it found, since elements that are chosen between have most of their surroundings in common. */
function surroundingsIn(holders: ElementTree): (element: ArrayElement | undefined) => Surroundings {
  const known = new Map<ArrayElement | undefined, Surroundings>();
  known.set(undefined, { around: holders.holding.has(undefined), aside: [] });
  return (element) => {
    const inwards: ArrayElement[] = [];
    let found = known.get(element);
    for (let at = element; found === undefined && at !== undefined; at = at.around) {
      inwards.push(at);
      found = known.get(at.around);
    }
    let surroundings = found ?? { around: false, aside: [] };
    for (const at of inwards.reverse()) {
      const beside = [...(holders.within.get(at.around) ?? [])].filter(([array]) => array !== at.array);
      surroundings = {
        around: surroundings.around || holders.holding.has(at),
        aside:
          beside.length === 0
            ? surroundings.aside
            : [...surroundings.aside, ...beside.flatMap(([, elements]) => elements)],
      };
      known.set(at, surroundings);
    }
    return surroundings;
  };
}

function inside(element: ArrayElement | undefined, holders: ElementTree): readonly ArrayElement[] {
  return [...(holders.within.get(element)?.values() ?? [])].flat();
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
      for (const inner of inside(at, holders)) {
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
