import { invalidParameter } from "./call.ts";

/** A page of a list, and what asks for the next one if there is more. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

/**
 * The page of at most `limit` items that a token asks for, the first one without. The token names the item that the
 * page before ended with.
 * @throws InvalidParameterException where the token names none
 */
export function pageOf<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { nextToken, limit = 50 }: { readonly nextToken?: string; readonly limit?: number },
): Page<Item> {
  const start =
    nextToken === undefined ? 0 : items.findIndex((item) => tokenOf(nameOf(item)) === nextToken) + 1;
  if (nextToken !== undefined && start === 0) {
    throw invalidParameter("The specified nextToken is invalid.");
  }

  const page = items.slice(start, start + limit);
  const last = page.at(-1);
  return start + page.length < items.length && last !== undefined
    ? { items: page, nextToken: tokenOf(nameOf(last)) }
    : { items: page };
}

function tokenOf(name: string): string {
  return Buffer.from(name, "utf8").toString("base64url");
}
