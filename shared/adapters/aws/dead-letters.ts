import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Clock } from "../../ports/clock.ts";
import type { DeadLetter, DeadLetters } from "../../ports/message-queue.ts";
import type { BlockStore } from "./block-store.ts";
import type { SqsQueueAddress } from "./message-queue.ts";
import { ENTRIES_PER_CALL, sendTexts, sentAtOf } from "./sqs-messages.ts";

/** For how long letters are held that somebody looks at. Long enough to look through a large queue. */
const LOOK_SECONDS = 60;

/** A look that has so many takes no more: at 256 KiB each they fit in memory. For more there is StartMessageMoveTask. */
const MAX_LETTERS = 1_000;

interface HeldLetter {
  readonly id: string;
  readonly message: Message;
  readonly queue: SqsQueueAddress;
}

/**
 * The dead letters of several SQS queues. SQS has no way to look into a queue: each method receives letters, and
 * gives those back that stay. Two people who look at one time each see but a part.
 */
export function sqsDeadLetters(
  client: SQSClient,
  blocks: BlockStore,
  clock: Clock,
  queues: readonly SqsQueueAddress[],
): DeadLetters {
  async function receive(queue: SqsQueueAddress): Promise<readonly HeldLetter[]> {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.deadLetterUrl,
        MaxNumberOfMessages: ENTRIES_PER_CALL,
        VisibilityTimeout: LOOK_SECONDS,
        // Without waiting SQS asks some of its servers alone, and a letter may be missed.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
        MessageAttributeNames: ["All"],
      }),
    );
    return (Messages ?? []).map((message) => ({ id: letterId(message), message, queue }));
  }

  function counts(): Promise<readonly (readonly [queue: string, count: number])[]> {
    return Promise.all(
      queues.map(async ({ name, deadLetterUrl }) => {
        const { Attributes } = await client.send(
          new GetQueueAttributesCommand({
            QueueUrl: deadLetterUrl,
            AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
          }),
        );
        const visible = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
        return [name, visible + Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0)] as const;
      }),
    );
  }

  /** Holds the letters of all queues, hands them over, and gives back what `use` has not deleted. */
  async function withLetters<T>(use: (letters: readonly HeldLetter[]) => Promise<T>): Promise<T> {
    const held: HeldLetter[] = [];
    try {
      // All at once: to learn that a queue has no more takes a second.
      const looked = await Promise.allSettled(queues.map((queue) => holdAll(queue, held)));
      for (const look of looked) if (look.status === "rejected") throw look.reason;
      return await use(held);
    } finally {
      // Best effort: what is not given back, having been deleted or for an error, shows again when the look ends.
      await Promise.allSettled(held.map(giveBack));
    }
  }

  async function holdAll(queue: SqsQueueAddress, held: HeldLetter[]): Promise<void> {
    for (let more = true; more && held.length < MAX_LETTERS; ) {
      const letters = await receive(queue);
      held.push(...letters);
      more = letters.length > 0;
    }
  }

  /** Moves letters until as many are moved as there were: what failed again meanwhile is left. Answers how many. */
  async function moveAll(queue: SqsQueueAddress, count: number, until: number): Promise<number> {
    let moved = 0;
    while (moved < count && clock.now() < until) {
      const letters = await receive(queue);
      if (letters.length === 0) break;
      await sendTexts(
        client,
        clock,
        queue.queueUrl,
        letters.map(({ message }) => ({ text: message.Body ?? "" })),
      );
      await Promise.all(letters.map(remove));
      moved += letters.length;
    }
    return moved;
  }

  async function giveBack({ message, queue }: HeldLetter): Promise<void> {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue.deadLetterUrl,
        ReceiptHandle: message.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  }

  async function remove({ message, queue }: HeldLetter): Promise<void> {
    await client.send(
      new DeleteMessageCommand({ QueueUrl: queue.deadLetterUrl, ReceiptHandle: message.ReceiptHandle }),
    );
  }

  /** Does something with each of the letters of those ids. Answers the ids of those that there were. */
  function each(
    ids: readonly string[],
    action: (letter: HeldLetter) => Promise<void>,
  ): Promise<readonly string[]> {
    return withLetters(async (letters) => {
      const named = letters.filter(({ id }) => ids.includes(id));
      for (const letter of named) await action(letter);
      return named.map(({ id }) => id);
    });
  }

  return {
    list(limit, queue) {
      return withLetters(async (letters) => {
        const asked = letters.filter((letter) => queue === undefined || letter.queue.name === queue);
        const oldest = asked.map(described).sort((one, other) => one.sentAt - other.sentAt);
        return Promise.all(oldest.slice(0, limit).map((letter) => withBody(letter, blocks)));
      });
    },

    get(id) {
      return withLetters(async (letters) => {
        const letter = letters.find((held) => held.id === id);
        return letter && withBody(described(letter), blocks);
      });
    },

    sendAgain(ids) {
      return each(ids, async (letter) => {
        await sendTexts(client, clock, letter.queue.queueUrl, [{ text: letter.message.Body ?? "" }]);
        await remove(letter);
      });
    },

    async sendAllAgain(forMs) {
      const until = clock.now() + forMs;
      const letters = await counts();
      const moves = queues.map((queue) => moveAll(queue, new Map(letters).get(queue.name) ?? 0, until));
      return (await Promise.all(moves)).reduce((sum, moved) => sum + moved, 0);
    },

    async delete(ids) {
      return (await each(ids, remove)).length;
    },

    async count() {
      return (await counts()).reduce((sum, [, count]) => sum + count, 0);
    },

    async countByQueue() {
      return new Map((await counts()).filter(([, count]) => count > 0));
    },
  };
}

type DescribedLetter = Omit<DeadLetter, "body"> & { readonly text: string };

/** What is known of a letter: from the attributes that `retry` gave it, or else from the queue's own redrive. */
function described({ id, message, queue }: HeldLetter): DescribedLetter {
  const reason = attribute(message, "reason");
  return {
    id,
    queue: queue.name,
    text: message.Body ?? "",
    receiveCount: Number(
      attribute(message, "receiveCount") ?? message.Attributes?.ApproximateReceiveCount ?? 0,
    ),
    sentAt: Number(attribute(message, "sentAt") ?? sentAtOf(message)),
    ...(reason !== undefined && { reason }),
  };
}

/** A letter with its block; one that cannot be decoded, which is why many a letter is dead, with its text as it is. */
async function withBody({ text, ...letter }: DescribedLetter, blocks: BlockStore): Promise<DeadLetter> {
  const body = await blocks.fromMessage(text).catch(() => Buffer.from(text));
  return { ...letter, body };
}

function letterId(message: Message): string {
  return attribute(message, "letterId") ?? message.MessageId ?? "";
}

function attribute(message: Message, name: string): string | undefined {
  return message.MessageAttributes?.[name]?.StringValue;
}
