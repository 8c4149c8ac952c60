import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What an endpoint that is subscribed to a topic was sent. */
export interface TopicDelivery {
  /** Of its headers those that SNS sets. */
  readonly type: string | undefined;
  readonly subscriptionArn: string | undefined;
  readonly isRaw: boolean;
  readonly body: string;
}

/** An HTTP endpoint on loopback, for subscriptions. */
export interface SnsEndpoint {
  readonly url: string;
  /** In the order of their coming. */
  readonly deliveries: readonly TopicDelivery[];
  close(): Promise<void>;
}

/** Starts an endpoint. @param confirms whether it opens the link in a subscription's confirmation, as an endpoint has to */
export async function startSnsEndpoint({ confirms = true } = {}): Promise<SnsEndpoint> {
  const deliveries: TopicDelivery[] = [];
  const server = createServer(async (request, answer) => {
    const body = await text(request);
    const header = (name: string): string | undefined => request.headers[name]?.toString();
    const type = header("x-amz-sns-message-type");
    answer.end();
    if (type === "SubscriptionConfirmation" && confirms) {
      await fetch((JSON.parse(body) as { SubscribeURL: string }).SubscribeURL);
    }
    deliveries.push({
      type,
      subscriptionArn: header("x-amz-sns-subscription-arn"),
      isRaw: header("x-amz-sns-rawdelivery") === "true",
      body,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    deliveries,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
