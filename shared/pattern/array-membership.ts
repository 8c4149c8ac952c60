/** The element of an array that something stands in, and the elements around that array. */
export interface ArrayElement {
  /** A number that only this array of the event has. */
  readonly array: number;
  readonly index: number;
  readonly around: ArrayElement | undefined;
}

/** Which element was chosen of each array that matters: the index by the array. */
export type Chosen = ReadonlyMap<number, number>;

/** Whether a value in these elements agrees with the choice: no array may have to be in two elements at once. */
export function agrees(chosen: Chosen, element: ArrayElement | undefined): boolean {
  for (let at = element; at !== undefined; at = at.around) {
    const index = chosen.get(at.array);
    if (index !== undefined && index !== at.index) {
      return false;
    }
  }
  return true;
}

/** The choice with a value's elements added, as far as their arrays matter later. */
export function choose(
  chosen: Chosen,
  element: ArrayElement | undefined,
  matters: ReadonlySet<number>,
): Chosen {
  const both = new Map([...chosen].filter(([array]) => matters.has(array)));
  for (let at = element; at !== undefined; at = at.around) {
    if (matters.has(at.array)) {
      both.set(at.array, at.index);
    }
  }
  return both;
}

/** A text that is the same for equal choices. */
export function choiceKey(chosen: Chosen): string {
  return [...chosen]
    .sort(([a], [b]) => a - b)
    .map(([array, index]) => `${array}:${index}`)
    .join();
}
