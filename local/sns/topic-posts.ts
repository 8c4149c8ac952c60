import { asError, type Deliver } from "../../shared/delivery/batch.ts";
import type { TopicPost, TopicStore } from "../../shared/ports/topic-store.ts";
import { postToWebhook } from "../webhook.ts";
import { SNS_VERSION } from "./model.ts";

/**
 * Posts to endpoints what topics are sent, all messages of a batch at once. One whose endpoint fails comes again; one
 * whose subscription has gone since is skipped.
 * @param endpoint this host's address, for the links in the messages
 */
export function makeTopicPosts(topics: Pick<TopicStore, "subscription">, endpoint: string): Deliver {
  return async (messages) => {
    const failed = new Map<string, Error>();
    let skipped = 0;
    await Promise.all(
      messages.map(async ({ id, body }) => {
        try {
          const post = JSON.parse(body.toString("utf8")) as TopicPost;
          if ((await topics.subscription(post.subscription.arn)) === undefined) {
            skipped += 1;
          } else {
            await send(post, endpoint);
          }
        } catch (error) {
          failed.set(id, asError(error));
        }
      }),
    );
    return {
      failed,
      counts: {
        received: messages.length,
        delivered: messages.length - failed.size - skipped,
        skipped: skipped > 0 ? { unsubscribed: skipped } : {},
        failed: failed.size,
      },
    };
  };
}

async function send(post: TopicPost, endpoint: string): Promise<void> {
  const { kind, messageId, subscription, publication } = post;
  const isRaw = kind === "Notification" && subscription.isRaw;
  const message = publication.messageOf?.[subscription.protocol] ?? publication.message;
  await postToWebhook(
    subscription.endpoint,
    isRaw ? message : JSON.stringify({ ...envelope(post, message), ...links(post, endpoint) }, undefined, 2),
    {
      "content-type": "text/plain; charset=UTF-8",
      "x-amz-sns-message-type": kind,
      "x-amz-sns-message-id": messageId,
      "x-amz-sns-topic-arn": subscription.topicArn,
      ...(kind === "Notification" && { "x-amz-sns-subscription-arn": subscription.arn }),
      ...(isRaw && { "x-amz-sns-rawdelivery": "true" }),
    },
  );
}

/**
 * SNS's JSON form of a message. It is not signed: nobody but AWS has a certificate that clients would take.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
function envelope({ kind, messageId, time, subscription, publication }: TopicPost, message: string): object {
  const { subject, attributes } = publication;
  return {
    Type: kind,
    MessageId: messageId,
    ...(kind === "SubscriptionConfirmation" && { Token: subscription.token }),
    TopicArn: subscription.topicArn,
    ...(subject !== undefined && { Subject: subject }),
    Message: message,
    ...(attributes !== undefined && { MessageAttributes: attributes }),
    Timestamp: new Date(time).toISOString(),
  };
}

function links({ kind, subscription: { arn, topicArn, token } }: TopicPost, endpoint: string): object {
  const link = (fields: Readonly<Record<string, string>>): string =>
    `${endpoint}/?${new URLSearchParams({ ...fields, Version: SNS_VERSION })}`;
  return kind === "SubscriptionConfirmation"
    ? { SubscribeURL: link({ Action: "ConfirmSubscription", TopicArn: topicArn, Token: token }) }
    : { UnsubscribeURL: link({ Action: "Unsubscribe", SubscriptionArn: arn }) };
}
