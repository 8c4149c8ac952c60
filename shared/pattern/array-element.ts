/** An element of an array in an event. There is one such object for it, so that `===` tells equal ones. */
export interface ArrayElement {
  readonly id: number;
  /** A number that only this array of the event has. */
  readonly array: number;
  /** The element of another array that this array stands in. */
  readonly around: ArrayElement | undefined;
}

/** Elements by nesting: which of them hold a value, and which others lead to those. */
export interface ElementTree {
  /** Undefined stands for what is in no element. */
  readonly holding: ReadonlySet<ArrayElement | undefined>;
  /** The next elements inwards, by their array. */
  readonly within: ReadonlyMap<ArrayElement | undefined, ReadonlyMap<number, readonly ArrayElement[]>>;
}

/** Arranges the elements that hold values. */
export function elementTree(holding: Iterable<ArrayElement | undefined>): ElementTree {
  const within = new Map<ArrayElement | undefined, Map<number, ArrayElement[]>>();
  const known = new Set<ArrayElement>();
  const distinct = new Set(holding);
  for (const holder of distinct) {
    for (let at = holder; at !== undefined && !known.has(at); at = at.around) {
      known.add(at);
      const arrays = within.get(at.around) ?? new Map<number, ArrayElement[]>();
      const siblings = arrays.get(at.array) ?? [];
      siblings.push(at);
      within.set(at.around, arrays.set(at.array, siblings));
    }
  }
  return { holding: distinct, within };
}

/** The arrays that any of the elements is in. */
export function arraysAround(holding: Iterable<ArrayElement | undefined>): ReadonlySet<number> {
  const arrays = new Set<number>();
  for (const holder of holding) {
    for (let at = holder; at !== undefined && !arrays.has(at.array); at = at.around) {
      arrays.add(at.array);
    }
  }
  return arrays;
}
