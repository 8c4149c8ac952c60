import type { Topics } from "./topics.ts";

/** An SNS topic. */
export interface Topic {
  readonly arn: string;
  /** As SetTopicAttributes set them, by name; `Policy` is always there. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** An HTTP or HTTPS endpoint that is told what a topic is sent. */
export interface Subscription {
  /** The topic's ARN, a colon and a UUID. */
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: "http" | "https";
  /** Its URL. */
  readonly endpoint: string;
  /** Confirms the subscription; hex. */
  readonly token: string;
  /** Until it is confirmed the endpoint gets nothing. */
  readonly isConfirmed: boolean;
  /** Whether the endpoint gets the message alone, without the JSON envelope. */
  readonly isRaw: boolean;
}

/** What a topic is sent. */
export interface Publication {
  readonly subject?: string;
  readonly message: string;
  /** Messages for one protocol alone. */
  readonly messageOf?: { readonly http?: string; readonly https?: string };
  /** As the envelope has them. */
  readonly attributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

/** A message that is to be posted to an endpoint. */
export interface TopicPost {
  readonly kind: "Notification" | "SubscriptionConfirmation";
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly subscription: Subscription;
  readonly publication: Publication;
}

/** The SNS topics of all accounts and regions. */
export interface TopicStore extends Topics {
  topic(arn: string): Promise<Topic | undefined>;
  /** Those whose ARNs start with a text, by ARN. */
  topics(arnPrefix: string): Promise<readonly Topic[]>;
  /**
   * Changes one topic, by itself: no other change comes between. Its subscriptions go with it.
   * @param change is given the topic as it is, undefined if there is none, and gives it as it is to be
   */
  changeTopic(arn: string, change: (current: Topic | undefined) => Topic | undefined): Promise<void>;
  subscription(arn: string): Promise<Subscription | undefined>;
  /** Those whose ARNs start with a text, by ARN. */
  subscriptions(arnPrefix: string): Promise<readonly Subscription[]>;
  /** As `changeTopic`. */
  changeSubscription(
    arn: string,
    change: (current: Subscription | undefined) => Subscription | undefined,
  ): Promise<void>;
  /** Asks the endpoint of a subscription to confirm it. */
  askToConfirm(subscription: Subscription): Promise<void>;
  /**
   * Publishes as the topic's owner. When it answers, every subscription has its post in a durable queue.
   * @returns the message's id
   * @throws TopicRefusal NotFound
   */
  publish(topicArn: string, publication: Publication): Promise<string>;
  /** Publishes in EventBridge's name, for a rule. @throws TopicRefusal */
  publishForRule(topicArn: string, ruleArn: string, message: string): Promise<void>;
}
