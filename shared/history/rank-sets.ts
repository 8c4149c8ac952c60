/** The ranks from `low` up to, not including, `high`. @param ranks ascending */
export function ranksWithin(ranks: Uint32Array, low: number, high: number): Uint32Array {
  return ranks.subarray(lowerBound(ranks, low), lowerBound(ranks, high));
}

/** The ranks that are in any of the sets. */
export function unionOf(sets: readonly Uint32Array[]): Uint32Array {
  const [first = new Uint32Array(0), ...rest] = sets;
  return rest.reduce(unionOfTwo, first);
}

/** The ranks that are in both sets. */
export function intersectionOf(one: Uint32Array, other: Uint32Array): Uint32Array {
  const [few, many] = one.length <= other.length ? [one, other] : [other, one];
  const both = new Uint32Array(few.length);
  let count = 0;
  let at = 0;
  for (const rank of few) {
    if (many.length > few.length * 16) {
      at = lowerBound(many, rank, at);
    } else {
      while (at < many.length && (many[at] as number) < rank) {
        at += 1;
      }
    }
    if (many[at] === rank) {
      both[count++] = rank;
    }
  }
  return both.subarray(0, count);
}

/** The index of the first one that is not lower than `value`. */
export function lowerBound(sorted: Uint32Array | Float64Array, value: number, from = 0): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function unionOfTwo(one: Uint32Array, other: Uint32Array): Uint32Array {
  const all = new Uint32Array(one.length + other.length);
  let count = 0;
  let a = 0;
  let b = 0;
  while (a < one.length || b < other.length) {
    const x = a < one.length ? (one[a] as number) : Number.POSITIVE_INFINITY;
    const y = b < other.length ? (other[b] as number) : Number.POSITIVE_INFINITY;
    all[count++] = Math.min(x, y);
    if (x <= y) a += 1;
    if (y <= x) b += 1;
  }
  return all.subarray(0, count);
}
