import type { ActivityBlock, RecordGroup } from "../event/block.ts";
import type { TrailDestination } from "../trail/trail.ts";
import { forEachPosition, recordStarts } from "./positions.ts";

/**
 * The records of one block that one trail wants in one folder: the unit that is in a trail exactly once.
 * Its id is the block's with the numbers of the trail and the group in the block, and so is the same at every
 * redelivery.
 */
export interface Part {
  readonly id: string;
  readonly blockId: string;
  readonly destination: TrailDestination;
  readonly group: RecordGroup;
  readonly records: number;
  /** The block's text. */
  readonly text: Buffer;
  /** Where in `text` the records are, [start, end, start, end, …]: neighbours are one run with their commas. */
  readonly runs: readonly number[];
  /** Of the records' texts and the commas between them. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly oldestEventTime: number;
  readonly newestEventTime: number;
}

/** The parts of a block, trail by trail. */
export function partsOfBlock(block: ActivityBlock): readonly Part[] {
  const starts = recordStarts(block.lengths);
  return block.trails.flatMap(({ destination, positions }, trail) => {
    const drafts = new Map<number, PartDraft>();
    forEachPosition(positions, (position) => {
      const group = block.groupOf[position] ?? 0;
      let draft = drafts.get(group);
      if (draft === undefined) {
        draft = newDraft();
        drafts.set(group, draft);
      }
      addRecord(draft, starts[position] ?? 0, block.lengths[position] ?? 0, block.eventTimes[position] ?? 0);
    });
    return [...drafts].map(([group, { runs, ...sums }]) => ({
      ...sums,
      id: `${block.id}.${trail}.${group}`,
      blockId: block.id,
      destination,
      group: groupAt(block, group),
      text: block.text,
      runs,
      bytes: bytesOfRuns(runs),
    }));
  });
}

interface PartDraft {
  records: number;
  oldestEventTime: number;
  newestEventTime: number;
  readonly runs: number[];
}

function newDraft(): PartDraft {
  return {
    records: 0,
    oldestEventTime: Number.POSITIVE_INFINITY,
    newestEventTime: Number.NEGATIVE_INFINITY,
    runs: [],
  };
}

function addRecord(draft: PartDraft, start: number, length: number, eventTime: number): void {
  draft.records += 1;
  draft.oldestEventTime = Math.min(draft.oldestEventTime, eventTime);
  draft.newestEventTime = Math.max(draft.newestEventTime, eventTime);
  if (draft.runs.at(-1) === start - 1) {
    draft.runs[draft.runs.length - 1] = start + length;
  } else {
    draft.runs.push(start, start + length);
  }
}

function bytesOfRuns(runs: readonly number[]): number {
  const commas = runs.length / 2 - 1;
  return runs.reduce((sum, offset, index) => (index % 2 === 0 ? sum - offset : sum + offset), commas);
}

function groupAt(block: ActivityBlock, index: number): RecordGroup {
  const group = block.groups[index];
  if (group === undefined) {
    throw new RangeError(`Block ${block.id} has no record group ${index}`);
  }
  return group;
}
