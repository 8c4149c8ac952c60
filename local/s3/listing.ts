import type { ObjectSummary, Objects } from "../../shared/ports/objects.ts";

/** What a listing asks for. */
export interface ListingQuery {
  readonly prefix: string;
  /** Keys with this string after the prefix are shown once, as their part up to and with it. */
  readonly delimiter: string;
  /** The key or common prefix that the page starts after. */
  readonly after: string;
  readonly maxKeys: number;
}

/** A page of a listing. */
export interface Listing {
  readonly contents: readonly ObjectSummary[];
  readonly commonPrefixes: readonly string[];
  /** Whether there is more; the next page then starts after `last`. */
  readonly isTruncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last?: string;
}

/** With a delimiter, most of a long run may lie below the common prefix that it begins with. */
const FIRST_RUN = 16;

/**
 * One page of a bucket's keys. The store is asked for runs of keys; past a common prefix the next run begins
 * behind all keys that share it, so that a folder of a million objects costs one run.
 * @throws BucketNotFound
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
export async function listPage(
  objects: Pick<Objects, "list">,
  bucket: string,
  query: ListingQuery,
): Promise<Listing> {
  const contents: ObjectSummary[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  let after = commonPrefix(query.after, query) === query.after ? behind(query.after) : query.after;
  const page = (isTruncated: boolean): Listing => ({
    contents,
    commonPrefixes,
    isTruncated,
    ...(last === undefined ? {} : { last }),
  });

  const shortRun = query.delimiter === "" ? Number.POSITIVE_INFINITY : FIRST_RUN;
  let longestRun = shortRun;
  for (;;) {
    // One more than fits tells whether there is more.
    const limit = Math.min(longestRun, query.maxKeys - contents.length - commonPrefixes.length + 1);
    const run = await objects.list(bucket, { prefix: query.prefix, after, limit });
    let skipped = false;
    for (const object of run) {
      if (contents.length + commonPrefixes.length >= query.maxKeys) {
        return page(query.maxKeys > 0);
      }

      const common = commonPrefix(object.key, query);
      last = common ?? object.key;
      if (common !== undefined) {
        commonPrefixes.push(common);
        after = behind(common);
        skipped = true;
        break;
      }
      contents.push(object);
      after = object.key;
    }
    if (!skipped && run.length < limit) {
      return page(false);
    }
    longestRun = skipped ? shortRun : longestRun * 2;
  }
}

/** The common prefix that a key is shown under, or undefined where it is shown itself. */
function commonPrefix(key: string, { prefix, delimiter }: ListingQuery): string | undefined {
  const at = delimiter !== "" && key.startsWith(prefix) ? key.indexOf(delimiter, prefix.length) : -1;
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** Comes after every key that starts with the prefix: no code point is greater. */
function behind(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}
