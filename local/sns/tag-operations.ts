import { callersTopic, invalidParameter, noSuchTopic, type SnsOperation } from "./call.ts";

const MOST_TAGS = 50;

type Tag = { readonly Key: string; readonly Value: string };

/** Tags as a topic keeps them. @throws AwsError InvalidParameter for more than 50 */
export function tagsOf(tags: readonly Tag[]): Readonly<Record<string, string>> {
  if (tags.length > MOST_TAGS) throw invalidParameter("Tags Reason: Too many tags");
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_ListTagsForResource.html */
export const listTagsForResource: SnsOperation<"ListTagsForResource"> = async (call) => {
  const { tags } = await callersTopic(call, call.input.ResourceArn);
  return { Tags: { member: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } };
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html */
export const tagResource: SnsOperation<"TagResource"> = async (call) => {
  const { ResourceArn: arn, Tags: tags } = call.input;
  await callersTopic(call, arn);
  await call.topics.changeTopic(arn, (topic = noSuchTopic()) => {
    const all = { ...topic.tags, ...tagsOf(tags) };
    if (Object.keys(all).length > MOST_TAGS) throw invalidParameter("Tags Reason: Too many tags");
    return { ...topic, tags: all };
  });
  return {};
};

/** @see https://docs.aws.amazon.com/sns/latest/api/API_UntagResource.html */
export const untagResource: SnsOperation<"UntagResource"> = async (call) => {
  const { ResourceArn: arn, TagKeys: keys } = call.input;
  await callersTopic(call, arn);
  await call.topics.changeTopic(arn, (topic = noSuchTopic()) => ({
    ...topic,
    tags: Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !keys.includes(key))),
  }));
  return {};
};
