import { PublishBatchCommand, type PublishBatchRequestEntry, type SNSClient } from "@aws-sdk/client-sns";
import type { PackedBlock } from "../../event/block.ts";
import { type ActivityTopic, TopicUnavailable } from "../../ports/activity-topic.ts";
import type { Clock } from "../../ports/clock.ts";
import { sendBatch } from "./batch-send.ts";
import { batchesOf } from "./batches.ts";
import type { BlockStore } from "./block-store.ts";
import { inParallel } from "./parallel.ts";

/** Name of the message attribute that subscriptions filter by: the JSON array of the block's destinations. */
export const DESTINATIONS_ATTRIBUTE = "destinations";

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const ENTRIES_PER_CALL = 10;
const PARALLEL_CALLS = 4;

/** Where and how blocks are published. */
export interface TopicSettings {
  readonly topicArn: string;
  /** The topic's MaximumMessageSize, in bytes: of one message and of one call. 256 KiB unless it was raised. */
  readonly maxMessageBytes: number;
}

interface Entry extends PublishBatchRequestEntry {
  readonly Id: string;
  readonly bytes: number;
}

/**
 * The activity topic in SNS. A message is a block's body in base64, or the key of a stored block where it does
 * not fit. Publishing again after a lost answer repeats a block, and its id tells the deliveries so.
 */
export function snsActivityTopic(
  client: SNSClient,
  blocks: BlockStore,
  clock: Clock,
  settings: TopicSettings,
): ActivityTopic {
  const { topicArn, maxMessageBytes } = settings;

  async function entryOf(block: PackedBlock, index: number): Promise<Entry> {
    const destinations = JSON.stringify(block.destinations);
    const attributeBytes = `${DESTINATIONS_ATTRIBUTE}String.Array${destinations}`.length;
    const message = await blocks.toMessage(block.body, maxMessageBytes - attributeBytes);
    return {
      Id: String(index),
      Message: message,
      MessageAttributes: {
        [DESTINATIONS_ATTRIBUTE]: { DataType: "String.Array", StringValue: destinations },
      },
      bytes: message.length + attributeBytes,
    };
  }

  function publishBatch(batch: readonly Entry[]): Promise<void> {
    return sendBatch(clock, batch, async (waiting) => {
      const PublishBatchRequestEntries = waiting.map(({ bytes: _, ...entry }) => entry);
      const { Failed } = await client.send(
        new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries }),
      );
      return Failed ?? [];
    });
  }

  return {
    async publish(packed) {
      try {
        const wanted = packed.filter(({ destinations }) => destinations.length > 0);
        const entries = await Promise.all(wanted.map(entryOf));
        const limits = { entries: ENTRIES_PER_CALL, bytes: maxMessageBytes };
        const batches = batchesOf(entries, limits, ({ bytes }) => bytes);
        await inParallel(PARALLEL_CALLS, batches, publishBatch);
      } catch (cause) {
        throw new TopicUnavailable(`The activity topic did not take ${packed.length} blocks`, { cause });
      }
    },
  };
}
