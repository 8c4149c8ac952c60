import { invalid } from "./call.ts";

/** A page of a list, and what asks for the next one if there is more. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly NextToken?: string;
}

/**
 * The page of at most `Limit` items that a token asks for, the first one without. The token holds the name of the item that
 * the page before ended with: the next page is right also when that item has gone since.
 * @param items in the order of their names
 * @throws ValidationException where the token is none
 */
export function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { NextToken, Limit = 100 }: { readonly NextToken?: string; readonly Limit?: number },
): Page<Item> {
  const after = NextToken === undefined ? "" : nameOfToken(NextToken);
  const rest = items.filter((item) => nameOf(item) > after);
  const page = rest.slice(0, Limit);
  const last = page.at(-1);
  return page.length < rest.length && last !== undefined
    ? { items: page, NextToken: Buffer.from(`after:${nameOf(last)}`).toString("base64url") }
    : { items: page };
}

function nameOfToken(token: string): string {
  const [, name] = /^after:(.+)$/.exec(Buffer.from(token, "base64url").toString("utf8")) ?? [];
  if (name === undefined) {
    throw invalid("The token is not valid.");
  }
  return name;
}
