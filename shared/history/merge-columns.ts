import type { Slices } from "./slices.ts";
import type { TimeColumn } from "./time-column.ts";

/** A time column to be merged. */
export interface ColumnInput {
  readonly column: TimeColumn;
  /** Records that happened before this moment go to the second output; in ms since the epoch. */
  readonly lateBefore: number;
}

/** Merged columns: of records on time and of late ones. */
export interface MergedColumns {
  readonly outputs: readonly [TimeColumn, TimeColumn];
  /** For each input and rank: the new rank × 2, and 1 more if it is in the second output. */
  readonly ranks: readonly Int32Array[];
}

/** Ranks that are merged between two looks at the clock. */
const STEP = 2_048;

/** Merges time columns into one of the records on time and one of the late ones, each by (time, position). */
export async function mergeColumns(inputs: readonly ColumnInput[], slices: Slices): Promise<MergedColumns> {
  const total = inputs.reduce((sum, { column }) => sum + column.times.length, 0);
  const outputs = [newOutput(total), newOutput(total)] as const;
  const ranks = inputs.map(({ column }) => new Int32Array(column.times.length));
  const heap = new InputHeap(inputs);
  for (let count = 0; count < total; count += 1) {
    const input = heap.first;
    const at = heap.atOfFirst;
    const { column, lateBefore } = inputs[input] as ColumnInput;
    const time = column.times[at] as number;
    const isLate = time < lateBefore;
    const output = outputs[isLate ? 1 : 0];
    output.times[output.length] = time;
    output.positions[output.length] = column.positions[at] as number;
    (ranks[input] as Int32Array)[at] = output.length * 2 + (isLate ? 1 : 0);
    output.length += 1;
    heap.step();
    if (count % STEP === STEP - 1) {
      await slices.pause();
    }
  }
  return { outputs: [columnOf(outputs[0]), columnOf(outputs[1])], ranks };
}

interface Output {
  readonly times: Float64Array;
  readonly positions: Float64Array;
  length: number;
}

function newOutput(capacity: number): Output {
  return { times: new Float64Array(capacity), positions: new Float64Array(capacity), length: 0 };
}

function columnOf({ times, positions, length }: Output): TimeColumn {
  return { times: times.slice(0, length), positions: positions.slice(0, length) };
}

/** The inputs as a binary heap by their next (time, position). */
class InputHeap {
  readonly #inputs: readonly ColumnInput[];
  readonly #at: Int32Array;
  readonly #heap: number[];

  constructor(inputs: readonly ColumnInput[]) {
    this.#inputs = inputs;
    this.#at = new Int32Array(inputs.length);
    this.#heap = inputs.flatMap(({ column }, index) => (column.times.length > 0 ? [index] : []));
    for (let node = (this.#heap.length >> 1) - 1; node >= 0; node -= 1) {
      this.#sink(node);
    }
  }

  get first(): number {
    return this.#heap[0] as number;
  }

  get atOfFirst(): number {
    return this.#at[this.first] as number;
  }

  step(): void {
    const input = this.first;
    const at = this.atOfFirst + 1;
    this.#at[input] = at;
    if (at === this.#inputs[input]?.column.times.length) {
      const last = this.#heap.pop() as number;
      if (this.#heap.length === 0) {
        return;
      }
      this.#heap[0] = last === input ? (this.#heap[0] as number) : last;
    }
    this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    let node = from;
    for (;;) {
      let least = node;
      for (const child of [2 * node + 1, 2 * node + 2]) {
        if (child < heap.length && this.#isBefore(heap[child] as number, heap[least] as number)) {
          least = child;
        }
      }
      if (least === node) {
        return;
      }
      [heap[node], heap[least]] = [heap[least] as number, heap[node] as number];
      node = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const a = (this.#inputs[one] as ColumnInput).column;
    const b = (this.#inputs[other] as ColumnInput).column;
    const i = this.#at[one] as number;
    const j = this.#at[other] as number;
    const difference = (a.times[i] as number) - (b.times[j] as number);
    return difference === 0 ? (a.positions[i] as number) < (b.positions[j] as number) : difference < 0;
  }
}
