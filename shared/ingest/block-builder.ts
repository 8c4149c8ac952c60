import type { BlockDraft, BlockOrigin, RecordGroup, RoutedTrail } from "../event/block.ts";
import type { ActivityRecord } from "../event/record.ts";
import type { TrailDestination } from "../trail/trail.ts";

/** What a block is of, beside its records. */
export interface BlockHead {
  readonly accountId: string;
  readonly acceptedAt: number;
  readonly origin: BlockOrigin;
}

/** Gathers records into one activity block and writes its routing slip. */
export class BlockBuilder {
  readonly #groups: RecordGroup[] = [];
  readonly #groupIndex = new Map<string, number>();
  #lastGroup = 0;
  readonly #groupOf: number[] = [];
  readonly #eventTimes: number[] = [];
  readonly #texts: Buffer[] = [];
  readonly #positions = new Map<number, number[]>();
  #bytes = 0;

  /** Bytes of the records' texts so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#texts.length;
  }

  /** @param trails the numbers of the trails that want the record */
  add(record: ActivityRecord, trails: readonly number[]): void {
    const position = this.#texts.length;
    this.#groupOf.push(this.#groupNumber(record));
    this.#eventTimes.push(record.eventTime);
    this.#texts.push(record.text);
    this.#bytes += record.text.length + 1;
    for (const trail of trails) {
      const ranges = this.#positions.get(trail);
      if (ranges === undefined) {
        this.#positions.set(trail, [position, 1]);
      } else {
        appendPosition(ranges, position);
      }
    }
  }

  /** @param destinationOf gives a trail's destination by its number, as `add` was given it */
  build(head: BlockHead, destinationOf: (trail: number) => TrailDestination): BlockDraft {
    const trails: RoutedTrail[] = [...this.#positions].map(([trail, positions]) => ({
      destination: destinationOf(trail),
      positions,
    }));
    return {
      ...head,
      groups: this.#groups,
      groupOf: this.#groupOf,
      eventTimes: this.#eventTimes,
      trails,
      texts: this.#texts,
    };
  }

  #groupNumber({ recipientAccountId, awsRegion, kind }: ActivityRecord): number {
    // Records of one group come in runs, and comparing costs less than making a name.
    const last = this.#groups[this.#lastGroup];
    if (
      last?.recipientAccountId === recipientAccountId &&
      last.awsRegion === awsRegion &&
      last.kind === kind
    ) {
      return this.#lastGroup;
    }
    this.#lastGroup = this.#findGroup({ recipientAccountId, awsRegion, kind });
    return this.#lastGroup;
  }

  #findGroup({ recipientAccountId, awsRegion, kind }: RecordGroup): number {
    const name = `${kind}\n${awsRegion}\n${recipientAccountId}`;
    const known = this.#groupIndex.get(name);
    if (known !== undefined) {
      return known;
    }
    const number = this.#groups.push({ recipientAccountId, awsRegion, kind }) - 1;
    this.#groupIndex.set(name, number);
    return number;
  }
}

/** Adds a position that is higher than all in `ranges`: [first, count, first, count, …]. */
function appendPosition(ranges: number[], position: number): void {
  const count = ranges.at(-1) ?? 0;
  const first = ranges.at(-2) ?? 0;
  if (first + count === position) {
    ranges[ranges.length - 1] = count + 1;
  } else {
    ranges.push(position, 1);
  }
}
