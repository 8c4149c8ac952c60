import { randomUUID } from "node:crypto";
import path from "node:path";
import type { StatementSync } from "node:sqlite";
import { allowsService } from "../../policy/service-access.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { Publication, Subscription, Topic, TopicPost, TopicStore } from "../../ports/topic-store.ts";
import { TopicRefusal } from "../../ports/topics.ts";
import { Database } from "./database.ts";

/** The schema of `topics.db`, one script a version. A released script is never changed: a change is a new one. */
const TOPICS_SCHEMA: readonly string[] = [
  `
  CREATE TABLE topics (
    arn TEXT PRIMARY KEY,
    topic TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE subscriptions (
    arn TEXT PRIMARY KEY,
    topic_arn TEXT NOT NULL REFERENCES topics (arn) ON DELETE CASCADE,
    subscription TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX subscriptions_of_topic ON subscriptions (topic_arn);
  `,
];

/**
 * Topics in SQLite, in the file `topics.db` of the data folder, which must be locked to this process. What endpoints are
 * to be sent goes into a queue, from which somebody else posts it.
 */
export class LocalTopics implements TopicStore {
  readonly #database: Database;
  readonly #posts: MessageQueue;
  readonly #clock: Clock;
  readonly #topics: Table<Topic>;
  readonly #subscriptions: Table<Subscription>;

  /**
   * @param folder the data folder's path
   * @param posts takes a `TopicPost` a message, as JSON
   */
  constructor(folder: string, posts: MessageQueue, clock: Clock) {
    this.#database = new Database(path.join(folder, "topics.db"), TOPICS_SCHEMA);
    this.#posts = posts;
    this.#clock = clock;
    this.#topics = tableOf(
      this.#database,
      "topic",
      "INSERT INTO topics (arn, topic) VALUES (?, ?) ON CONFLICT (arn) DO UPDATE SET topic = excluded.topic",
    );
    this.#subscriptions = tableOf(
      this.#database,
      "subscription",
      `INSERT INTO subscriptions (arn, subscription, topic_arn) VALUES (?, ?, ?)
       ON CONFLICT (arn) DO UPDATE SET subscription = excluded.subscription`,
    );
  }

  async topic(arn: string): Promise<Topic | undefined> {
    return this.#topics.get(arn);
  }

  async topics(arnPrefix: string): Promise<readonly Topic[]> {
    return this.#topics.list(arnPrefix);
  }

  async changeTopic(arn: string, change: (current: Topic | undefined) => Topic | undefined): Promise<void> {
    this.#database.transaction(() => this.#topics.change(arn, change));
  }

  async subscription(arn: string): Promise<Subscription | undefined> {
    return this.#subscriptions.get(arn);
  }

  async subscriptions(arnPrefix: string): Promise<readonly Subscription[]> {
    return this.#subscriptions.list(arnPrefix);
  }

  async changeSubscription(
    arn: string,
    change: (current: Subscription | undefined) => Subscription | undefined,
  ): Promise<void> {
    this.#database.transaction(() =>
      this.#subscriptions.change(arn, change, ({ topicArn }) => {
        this.#requireTopic(topicArn);
        return [topicArn];
      }),
    );
  }

  async askToConfirm(subscription: Subscription): Promise<void> {
    const { topicArn } = subscription;
    const message = `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`;
    await this.#post("SubscriptionConfirmation", [subscription], { message });
  }

  async publish(topicArn: string, publication: Publication): Promise<string> {
    this.#requireTopic(topicArn);
    const subscriptions = this.#subscriptions.list(`${topicArn}:`).filter(({ isConfirmed }) => isConfirmed);
    return this.#post("Notification", subscriptions, publication);
  }

  async publishForTrail(topicArn: string, trailArn: string, message: string): Promise<void> {
    await this.#publishFor("cloudtrail.amazonaws.com", topicArn, trailArn, message);
  }

  async publishForRule(topicArn: string, ruleArn: string, message: string): Promise<void> {
    await this.#publishFor("events.amazonaws.com", topicArn, ruleArn, message);
  }

  close(): void {
    this.#database.close();
  }

  async #publishFor(service: string, topicArn: string, sourceArn: string, message: string): Promise<void> {
    const { attributes } = this.#requireTopic(topicArn);
    const call = { service, action: "SNS:Publish", resource: topicArn, sourceArn };
    if (!allowsService(attributes.Policy ?? "{}", call)) {
      throw new TopicRefusal(
        "AuthorizationError",
        `The policy of ${topicArn} does not allow ${service} to publish for ${sourceArn}`,
      );
    }
    await this.publish(topicArn, { message });
  }

  async #post(
    kind: TopicPost["kind"],
    subscriptions: readonly Subscription[],
    publication: Publication,
  ): Promise<string> {
    const messageId = randomUUID();
    const time = this.#clock.now();
    const posts = subscriptions.map(
      (subscription): TopicPost => ({ kind, messageId, time, subscription, publication }),
    );
    if (posts.length > 0) {
      await this.#posts.send(posts.map((post) => Buffer.from(JSON.stringify(post))));
    }
    return messageId;
  }

  #requireTopic(arn: string): Topic {
    const topic = this.#topics.get(arn);
    if (topic === undefined) {
      throw new TopicRefusal("NotFound", "Topic does not exist");
    }
    return topic;
  }
}

/** Rows that are JSON texts by ARN. */
interface Table<Row> {
  get(arn: string): Row | undefined;
  list(arnPrefix: string): readonly Row[];
  /** @param columns what the row has besides */
  change(
    arn: string,
    change: (current: Row | undefined) => Row | undefined,
    columns?: (row: Row) => readonly string[],
  ): void;
}

function tableOf<Row>(database: Database, column: "topic" | "subscription", putSql: string): Table<Row> {
  const select = `SELECT ${column} AS json FROM ${column}s WHERE`;
  const one: StatementSync = database.prepare(`${select} arn = ?`);
  const several: StatementSync = database.prepare(
    `${select} substr(arn, 1, length(?1)) = ?1 AND arn >= ?1 ORDER BY arn`,
  );
  const put: StatementSync = database.prepare(putSql);
  const remove: StatementSync = database.prepare(`DELETE FROM ${column}s WHERE arn = ?`);
  const rowOf = (row: unknown): Row => JSON.parse((row as { readonly json: string }).json) as Row;
  const get = (arn: string): Row | undefined => {
    const row = one.get(arn);
    return row && rowOf(row);
  };
  return {
    get,
    list: (arnPrefix) => several.all(arnPrefix).map(rowOf),
    change(arn, change, columns = () => []) {
      const changed = change(get(arn));
      if (changed === undefined) {
        remove.run(arn);
      } else {
        put.run(arn, JSON.stringify(changed), ...columns(changed));
      }
    },
  };
}
