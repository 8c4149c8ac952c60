import { isDeepStrictEqual } from "node:util";
import type { Topic } from "../../shared/ports/topic-store.ts";
import {
  callersTopic,
  invalidParameter,
  mapEntries,
  noSuchTopic,
  pageOf,
  requireTopicArn,
  type SnsOperation,
  topicArn,
} from "./call.ts";
import { tagsOf } from "./tag-operations.ts";
import { checkTopicAttribute, defaultPolicy } from "./topic-attributes.ts";

/** @see https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html */
export const createTopic: SnsOperation<"CreateTopic"> = async ({ input, caller, topics }) => {
  const { Name: name, Attributes: attributes = {}, Tags: tags = [] } = input;
  if (attributes.FifoTopic === "true" || name.endsWith(".fifo")) {
    throw invalidParameter("OpenTrail has no FIFO topics");
  }
  if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalidParameter("Topic Name");
  const { FifoTopic: _, ...given } = attributes;
  for (const [attribute, value] of Object.entries(given)) checkTopicAttribute(attribute, value);
  const arn = topicArn(caller, name);
  await topics.changeTopic(arn, (current) => {
    if (!current) return { arn, attributes: { Policy: defaultPolicy(arn), ...given }, tags: tagsOf(tags) };
    requireSame(current, given, tagsOf(tags));
    return current;
  });
  return { TopicArn: arn };
};

/** A topic that is there is answered as it is, to a caller who asks for nothing else. */
function requireSame(current: Topic, attributes: Topic["attributes"], tags: Topic["tags"]): void {
  if (Object.entries(attributes).some(([name, value]) => current.attributes[name] !== value)) {
    throw invalidParameter("Attributes Reason: Topic already exists with different attributes");
  }
  if (Object.keys(tags).length > 0 && !isDeepStrictEqual({ ...current.tags }, { ...tags })) {
    throw invalidParameter("Tags Reason: Topic already exists with different tags");
  }
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html */
export const deleteTopic: SnsOperation<"DeleteTopic"> = async ({ input, caller, topics }) => {
  requireTopicArn(caller, input.TopicArn);
  // One that is not there is no error: who asks twice gets what was wanted.
  await topics.changeTopic(input.TopicArn, () => undefined);
  return undefined;
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html */
export const listTopics: SnsOperation<"ListTopics"> = async ({ input, caller, topics }) => {
  const { page, NextToken } = pageOf(await topics.topics(topicArn(caller, "")), input.NextToken);
  return { Topics: { member: page.map(({ arn }) => ({ TopicArn: arn })) }, NextToken };
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html */
export const getTopicAttributes: SnsOperation<"GetTopicAttributes"> = async (call) => {
  const { arn, attributes } = await callersTopic(call, call.input.TopicArn);
  const subscriptions = await call.topics.subscriptions(`${arn}:`);
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  return {
    Attributes: mapEntries({
      TopicArn: arn,
      Owner: call.caller.accountId,
      DisplayName: "",
      ...attributes,
      SubscriptionsConfirmed: `${confirmed}`,
      SubscriptionsPending: `${subscriptions.length - confirmed}`,
      SubscriptionsDeleted: "0",
    }),
  };
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html */
export const setTopicAttributes: SnsOperation<"SetTopicAttributes"> = async (call) => {
  const { TopicArn: arn, AttributeName: name, AttributeValue: value = "" } = call.input;
  await callersTopic(call, arn);
  // An empty policy is the one that a new topic has.
  const set = name === "Policy" && value === "" ? defaultPolicy(arn) : value;
  checkTopicAttribute(name, set);
  await call.topics.changeTopic(arn, (topic = noSuchTopic()) => {
    const { [name]: _, ...others } = topic.attributes;
    return { ...topic, attributes: set === "" ? others : { ...others, [name]: set } };
  });
  return undefined;
};
