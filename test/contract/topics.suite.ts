import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Topics } from "../../shared/ports/topics.ts";

/** A topic that CloudTrail may publish to, and what it was sent. */
export interface TopicsFixture {
  readonly topics: Topics;
  readonly topicArn: string;
  /** A topic whose policy says nothing of CloudTrail; absent where nobody reads policies. */
  readonly closedTopicArn?: string;
  /** The messages that a subscriber of the topic got. @param count how many to wait for */
  received(count: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

const TRAIL = "arn:aws:cloudtrail:us-east-1:123456789012:trail/main";

/** What every Topics does. */
export function describeTopicsContract(name: string, make: () => Promise<TopicsFixture>): void {
  describe(`topics: ${name}`, () => {
    let fixture: TopicsFixture;

    beforeEach(async () => {
      fixture = await make();
    });

    afterEach(() => fixture.close());

    it("a message reaches the topic's subscriber as it is", async () => {
      const messages = ["CloudTrail validation message.", '{"s3Bucket":"logs","s3ObjectKey":["ü/1"]}'];

      for (const message of messages) {
        await fixture.topics.publishForTrail(fixture.topicArn, TRAIL, message);
      }

      expect([...(await fixture.received(2))].sort()).toEqual(messages);
    });

    it("a topic that is not there is NotFound", async () => {
      await expect(
        fixture.topics.publishForTrail(`${fixture.topicArn}-not`, TRAIL, "text"),
      ).rejects.toMatchObject({ name: "TopicRefusal", code: "NotFound" });
    });

    it("a topic whose policy does not allow it is AuthorizationError, and is sent nothing", async ({
      skip,
    }) => {
      const { closedTopicArn } = fixture;
      if (closedTopicArn === undefined) skip("nobody reads policies here");

      await expect(fixture.topics.publishForTrail(closedTopicArn ?? "", TRAIL, "text")).rejects.toMatchObject(
        { name: "TopicRefusal", code: "AuthorizationError" },
      );
      expect(await fixture.received(0)).toEqual([]);
    });
  });
}
