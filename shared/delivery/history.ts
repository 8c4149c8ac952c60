import { forEachBounded } from "../concurrency/bounded.ts";
import type { ActivityBlock } from "../event/block.ts";
import { unpackBlock } from "../event/block-codec.ts";
import type { History } from "../history/history.ts";
import { type HistoryScope, historyCategory } from "../history/history-category.ts";
import { type IncomingRecord, incomingRecord } from "../history/incoming-record.ts";
import { Slices } from "../history/slices.ts";
import { type Partition, partitionName } from "../history/spaces.ts";
import { asError, type BatchBlock, BatchTally, type Deliver, withUnpackedBatch } from "./batch.ts";
import { recordStarts } from "./positions.ts";

/** What delivery to the event history needs. */
export interface HistoryPorts {
  readonly history: Pick<History, "append" | "maintain">;
  /** Told when merging fails: the records are found all the same, and it is tried again with the next batch. */
  readonly reportFailure: (error: unknown) => void;
}

/** How records are delivered to the history. */
export interface HistoryDeliverySettings {
  readonly scope: HistoryScope;
  /** Partitions that are written at once. Default 4. */
  readonly partitionsAtOnce?: number;
  /** Message body → block. Default: the block codec. */
  readonly unpack?: (body: Buffer) => Promise<ActivityBlock>;
}

/**
 * The stage that puts records into the event history, once each however often their block comes. A partition that
 * cannot be written has the messages of its records come again, and no others.
 */
export function createHistoryDelivery(ports: HistoryPorts, settings: HistoryDeliverySettings): Deliver {
  const { unpack = unpackBlock, partitionsAtOnce = 4, scope } = settings;
  return async (messages) => {
    const tally = new BatchTally();
    await withUnpackedBatch(
      messages,
      tally,
      unpack,
      (block) => block,
      async (blocks) => {
        const groups = await partitionGroups(blocks, scope);
        await forEachBounded(groups, partitionsAtOnce, (group) => deliverGroup(ports, group, tally));
      },
    );
    // What is found is never the worse for a merge that failed.
    await ports.history.maintain().catch(ports.reportFailure);
    return tally.report();
  };
}

/** The records of a batch that go to one partition. */
interface PartitionGroup {
  readonly partition: Partition;
  readonly records: IncomingRecord[];
  readonly messageIds: Set<string>;
  acceptedAt: number;
}

async function partitionGroups(
  blocks: readonly BatchBlock<ActivityBlock>[],
  scope: HistoryScope,
): Promise<Iterable<PartitionGroup>> {
  const groups = new Map<string, PartitionGroup>();
  const slices = new Slices();
  for (const { block, messageIds } of blocks) {
    const starts = recordStarts(block.lengths);
    const groupOf = block.groups.map(({ kind, awsRegion }) => {
      const category = historyCategory(kind, scope);
      return category && groupFor(groups, { accountId: block.accountId, region: awsRegion, category });
    });
    for (const [position, number] of block.groupOf.entries()) {
      const group = groupOf[number];
      if (group !== undefined) {
        const start = starts[position] ?? 0;
        const text = block.text.subarray(start, start + (block.lengths[position] ?? 0));
        group.records.push(incomingRecord(text, block.eventTimes[position] ?? 0));
        group.acceptedAt = Math.max(group.acceptedAt, block.acceptedAt);
        for (const id of messageIds) {
          group.messageIds.add(id);
        }
        await slices.pause();
      }
    }
  }
  return groups.values();
}

function groupFor(groups: Map<string, PartitionGroup>, partition: Partition): PartitionGroup {
  const name = partitionName(partition);
  const known = groups.get(name);
  if (known !== undefined) {
    return known;
  }
  const made = { partition, records: [], messageIds: new Set<string>(), acceptedAt: 0 };
  groups.set(name, made);
  return made;
}

async function deliverGroup(
  { history }: HistoryPorts,
  { partition, records, messageIds, acceptedAt }: PartitionGroup,
  tally: BatchTally,
): Promise<void> {
  tally.receive(records.length);
  try {
    const { added, repeated, expired } = await history.append(partition, records, acceptedAt);
    tally.deliver(added);
    tally.skip("already-delivered", repeated);
    tally.skip("expired", expired);
  } catch (error) {
    tally.fail([...messageIds], records.length, asError(error));
  }
}
