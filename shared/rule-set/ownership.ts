import type { BusRule } from "./set-rule.ts";

/**
 * The tag of rules that were applied from files; its value is the name of their set. Rules without it are somebody
 * else's, and are never changed unasked.
 */
export const SET_TAG = "opentrail:rule-set";

/** The set that a rule belongs to; undefined where it belongs to none. */
export function setOf({ tags }: Pick<BusRule, "tags">): string | undefined {
  return Object.hasOwn(tags, SET_TAG) ? tags[SET_TAG] : undefined;
}
