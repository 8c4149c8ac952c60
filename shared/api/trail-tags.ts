import { AwsError } from "../error/aws-error.ts";

type Tags = Readonly<Record<string, string>>;

/** A tag as the API has it. */
interface Tag {
  readonly Key: string;
  readonly Value?: string;
}

const MOST_TAGS = 50;

/**
 * A resource's tags after more were given to it: a key that is there already gets the new value.
 * @throws AwsError InvalidTagParameterException for a key that is given twice or belongs to AWS;
 *   TagsLimitExceededException over 50 tags
 */
export function withTags(tags: Tags, added: readonly Tag[]): Tags {
  const keys = new Set(added.map(({ Key }) => Key));
  if (keys.size < added.length) {
    throw new AwsError("InvalidTagParameterException", "Tag keys must be unique.");
  }
  requireOwnKeys(added);
  const merged = Object.fromEntries([
    ...Object.entries(tags),
    ...added.map(({ Key, Value = "" }) => [Key, Value] as const),
  ]);
  if (Object.keys(merged).length > MOST_TAGS) {
    throw new AwsError("TagsLimitExceededException", `A resource can have ${MOST_TAGS} tags at most.`);
  }
  return merged;
}

/**
 * A resource's tags without those of the given keys; a value, where one is given, must be the tag's.
 * @throws AwsError InvalidTagParameterException for a key that belongs to AWS
 */
export function withoutTags(tags: Tags, removed: readonly Tag[]): Tags {
  requireOwnKeys(removed);
  const gone = new Map(removed.map(({ Key, Value }) => [Key, Value]));
  return Object.fromEntries(
    Object.entries(tags).filter(([key, value]) => !gone.has(key) || (gone.get(key) ?? value) !== value),
  );
}

function requireOwnKeys(tags: readonly Tag[]): void {
  if (tags.some(({ Key }) => /^aws:/i.test(Key))) {
    throw new AwsError("InvalidTagParameterException", "Tag keys must not start with aws:.");
  }
}

/** Tags as the API answers them. */
export function tagsList(tags: Tags): readonly Tag[] {
  return Object.entries(tags).map(([Key, Value]) => (Value === "" ? { Key } : { Key, Value }));
}
