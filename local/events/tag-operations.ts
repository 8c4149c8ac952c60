import type { Rule } from "../../shared/rule/rule.ts";
import {
  changeRule,
  type EventsCall,
  type EventsOperation,
  eventsArn,
  findRule,
  noSuchRule,
} from "./call.ts";

type Tag = { readonly Key: string; readonly Value: string };

/** Tags as a rule keeps them. */
export function tagsOf(tags: readonly Tag[]): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTagsForResource.html */
export const listTagsForResource: EventsOperation<"ListTagsForResource"> = async (call) => {
  const { tags = {} } = await findRule(call, taggedRule(call));
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html */
export const tagResource: EventsOperation<"TagResource"> = (call) =>
  changeTags(call, (tags) => ({ ...tags, ...tagsOf(call.input.Tags) }));

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UntagResource.html */
export const untagResource: EventsOperation<"UntagResource"> = (call) =>
  changeTags(call, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !call.input.TagKeys.includes(key))),
  );

type Tagged = EventsCall<{ readonly ResourceARN: string }>;

async function changeTags(
  call: Tagged,
  change: (tags: NonNullable<Rule["tags"]>) => NonNullable<Rule["tags"]>,
): Promise<object> {
  await changeRule(call, taggedRule(call), (rule) => ({ ...rule, tags: change(rule.tags ?? {}) }));
  return {};
}

/** The name of the caller's rule that an ARN names. @throws ResourceNotFoundException */
function taggedRule({ input, caller }: Tagged): string {
  const prefix = eventsArn(caller, "rule/");
  const rest = input.ResourceARN.startsWith(prefix) ? input.ResourceARN.slice(prefix.length) : "";
  const name = rest.replace(/^default\//, "");
  return name === "" ? noSuchRule(input.ResourceARN) : name;
}
