/** Limits of one call with several entries. */
export interface BatchLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** Cuts items, in order, into batches within the limits. A single item that is too large makes a batch of its own. */
export function batchesOf<T>(items: readonly T[], limits: BatchLimits, bytesOf: (item: T) => number): T[][] {
  const batches: T[][] = [];
  let open: T[] = [];
  let openBytes = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (open.length > 0 && (open.length === limits.entries || openBytes + bytes > limits.bytes)) {
      batches.push(open);
      open = [];
      openBytes = 0;
    }
    open.push(item);
    openBytes += bytes;
  }
  if (open.length > 0) batches.push(open);
  return batches;
}
