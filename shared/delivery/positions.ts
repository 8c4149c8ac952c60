/** The positions in ranges [first, count, first, count, …], ascending. */
export function* positionsIn(ranges: readonly number[]): Generator<number> {
  for (let index = 0; index + 1 < ranges.length; index += 2) {
    const first = ranges[index] ?? 0;
    const end = first + (ranges[index + 1] ?? 0);
    for (let position = first; position < end; position += 1) {
      yield position;
    }
  }
}

/** Where each record's text starts in a block's text, given the texts' lengths: one comma stands between two. */
export function recordStarts(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length);
  let start = 0;
  for (const [position, length] of lengths.entries()) {
    starts[position] = start;
    start += length + 1;
  }
  return starts;
}
