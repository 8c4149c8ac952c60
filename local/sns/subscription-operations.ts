import { randomBytes, randomUUID } from "node:crypto";
import { AwsError } from "../../shared/error/aws-error.ts";
import type { Subscription } from "../../shared/ports/topic-store.ts";
import type { XmlElements } from "../xml.ts";
import {
  callersTopic,
  invalidParameter,
  mapEntries,
  pageOf,
  requireTopicArn,
  type SnsOperation,
  topicArn,
} from "./call.ts";

const PENDING = "PendingConfirmation";

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export const subscribe: SnsOperation<"Subscribe"> = async (call) => {
  const { TopicArn, Protocol: protocol, Endpoint: endpoint = "", Attributes = {} } = call.input;
  const topic = await callersTopic(call, TopicArn);
  if (protocol !== "http" && protocol !== "https") {
    throw invalidParameter("Protocol Reason: OpenTrail delivers to the protocols http and https");
  }
  if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint)) {
    throw invalidParameter(`Endpoint Reason: it must be an address that starts with ${protocol}://`);
  }
  for (const [name, value] of Object.entries(Attributes)) checkAttribute(name, value);
  const existing = (await call.topics.subscriptions(`${topic.arn}:`)).find(
    (each) => each.endpoint === endpoint,
  );
  const subscription: Subscription = existing ?? {
    arn: `${topic.arn}:${randomUUID()}`,
    topicArn: topic.arn,
    protocol,
    endpoint,
    token: randomBytes(32).toString("hex"),
    isConfirmed: false,
    isRaw: Attributes.RawMessageDelivery === "true",
  };
  if (!existing) await call.topics.changeSubscription(subscription.arn, () => subscription);
  if (!subscription.isConfirmed) await call.topics.askToConfirm(subscription);
  const isTold = subscription.isConfirmed || call.input.ReturnSubscriptionArn === true;
  return { SubscriptionArn: isTold ? subscription.arn : "pending confirmation" };
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html */
export const confirmSubscription: SnsOperation<"ConfirmSubscription"> = async ({ input, topics }) => {
  // The token tells who may: the address that it was sent to opens a link, and signs nothing.
  const subscription = (await topics.subscriptions(`${input.TopicArn}:`)).find(
    ({ token }) => token === input.Token,
  );
  if (!subscription) throw invalidParameter("Token");
  await topics.changeSubscription(
    subscription.arn,
    (current) => current && { ...current, isConfirmed: true },
  );
  return { SubscriptionArn: subscription.arn };
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html */
export const unsubscribe: SnsOperation<"Unsubscribe"> = async ({ input, topics }) => {
  // As with SNS, who knows the ARN may: it stands in each message, in a link that is not signed.
  if (!/^arn:aws[a-z-]*:sns:/.test(input.SubscriptionArn)) throw invalidParameter("SubscriptionId");
  await topics.changeSubscription(input.SubscriptionArn, () => undefined);
  return undefined;
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html */
export const listSubscriptions: SnsOperation<"ListSubscriptions"> = async ({ input, caller, topics }) =>
  listed(await topics.subscriptions(topicArn(caller, "")), input.NextToken);

/** @see https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
export const listSubscriptionsByTopic: SnsOperation<"ListSubscriptionsByTopic"> = async (call) => {
  const { arn } = await callersTopic(call, call.input.TopicArn);
  return listed(await call.topics.subscriptions(`${arn}:`), call.input.NextToken);
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html */
export const getSubscriptionAttributes: SnsOperation<"GetSubscriptionAttributes"> = async (call) => {
  const subscription = await callersSubscription(call);
  const { arn, topicArn, protocol, endpoint, isConfirmed, isRaw } = subscription;
  return {
    Attributes: mapEntries({
      SubscriptionArn: arn,
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner: ownerOf(subscription),
      PendingConfirmation: `${!isConfirmed}`,
      ConfirmationWasAuthenticated: "false",
      RawMessageDelivery: `${isRaw}`,
    }),
  };
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html */
export const setSubscriptionAttributes: SnsOperation<"SetSubscriptionAttributes"> = async (call) => {
  const { AttributeName: name, AttributeValue: value = "" } = call.input;
  const { arn } = await callersSubscription(call);
  checkAttribute(name, value);
  await call.topics.changeSubscription(arn, (current) => current && { ...current, isRaw: value === "true" });
  return undefined;
};

/** What is not done may not be taken either: who filters would get everything. */
function checkAttribute(name: string, value: string): void {
  if (name !== "RawMessageDelivery") {
    throw invalidParameter(
      `AttributeName Reason: OpenTrail has RawMessageDelivery alone, and not ${name.slice(0, 100)}`,
    );
  }
  if (value !== "true" && value !== "false") {
    throw invalidParameter("RawMessageDelivery Reason: it must be true or false");
  }
}

async function callersSubscription({
  input,
  caller,
  topics,
}: Parameters<SnsOperation<"GetSubscriptionAttributes">>[0]): Promise<Subscription> {
  requireTopicArn(caller, input.SubscriptionArn.replace(/:[^:]*$/, ""));
  const subscription = await topics.subscription(input.SubscriptionArn);
  if (!subscription) throw new AwsError("NotFound", "Subscription does not exist");
  return subscription;
}

function listed(subscriptions: readonly Subscription[], token: string | undefined): XmlElements {
  const { page, NextToken } = pageOf(subscriptions, token);
  const members = page.map((subscription) => ({
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    SubscriptionArn: subscription.isConfirmed ? subscription.arn : PENDING,
    Owner: ownerOf(subscription),
    Endpoint: subscription.endpoint,
  }));
  return { Subscriptions: { member: members }, NextToken };
}

function ownerOf({ topicArn }: Subscription): string {
  return topicArn.split(":")[4] ?? "";
}
