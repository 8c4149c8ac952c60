/** Calls back with the positions in ranges [first, count, first, count, …], ascending. A record's every stage pays for it. */
export function forEachPosition(ranges: readonly number[], visit: (position: number) => void): void {
  for (let index = 0; index + 1 < ranges.length; index += 2) {
    const first = ranges[index] ?? 0;
    const end = first + (ranges[index + 1] ?? 0);
    for (let position = first; position < end; position += 1) {
      visit(position);
    }
  }
}

/** Where each record's text starts in a block's text, given the texts' lengths: one comma stands between two. */
export function recordStarts(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length);
  let start = 0;
  for (let position = 0; position < lengths.length; position += 1) {
    starts[position] = start;
    start += (lengths[position] ?? 0) + 1;
  }
  return starts;
}
