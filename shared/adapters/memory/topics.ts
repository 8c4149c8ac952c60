import { TopicRefusal, type Topics } from "../../ports/topics.ts";

/** What a topic was sent. */
export interface PublishedMessage {
  readonly topicArn: string;
  readonly trailArn: string;
  readonly message: string;
}

/** Topics that live as long as the process. */
export class MemoryTopics implements Topics {
  /** In the order of their coming. */
  readonly messages: PublishedMessage[] = [];
  /** By ARN: whether the topic lets CloudTrail publish. */
  readonly #topics = new Map<string, boolean>();

  /** @param isOpen whether its policy lets CloudTrail publish */
  createTopic(topicArn: string, isOpen: boolean): void {
    this.#topics.set(topicArn, isOpen);
  }

  async publishForTrail(topicArn: string, trailArn: string, message: string): Promise<void> {
    const isOpen = this.#topics.get(topicArn);
    if (isOpen === undefined) {
      throw new TopicRefusal("NotFound", "Topic does not exist");
    }
    if (!isOpen) {
      throw new TopicRefusal("AuthorizationError", `CloudTrail is not authorized to publish to ${topicArn}`);
    }
    this.messages.push({ topicArn, trailArn, message });
  }
}
