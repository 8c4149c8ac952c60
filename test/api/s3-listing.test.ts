import fc from "fast-check";
import { expect, test } from "vitest";
import { type Listing, listPage } from "../../local/s3/listing.ts";
import type { ObjectSummary, Objects } from "../../shared/ports/objects.ts";

const key = fc
  .array(fc.constantFrom("a", "b", "/", "é", "\u{ff21}", "\u{1f98a}"), { minLength: 1, maxLength: 6 })
  .map((characters) => characters.join(""));

test("a listing's pages hold each key and common prefix once and in order, however small they are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 20 }),
      fc.constantFrom("", "a", "a/", "b/é"),
      fc.constantFrom("", "/", "a/"),
      fc.integer({ min: 1, max: 5 }),
      async (keys, prefix, delimiter, maxKeys) => {
        const pages = await allPages(keys, { prefix, delimiter, maxKeys });

        const shown = pages.flatMap(({ contents, commonPrefixes }) =>
          [...contents.map((object) => object.key), ...commonPrefixes].sort(inOrder),
        );
        expect(shown).toEqual(expected(keys, prefix, delimiter));
        expect(pages.slice(0, -1).every((page) => sizeOf(page) === maxKeys)).toBe(true);
      },
    ),
  );
});

test("a folder of many objects costs one read behind it", async () => {
  const keys = Array.from({ length: 500 }, (_, index) => `folder/${String(index).padStart(3, "0")}`);
  let reads = 0;
  const list: Objects["list"] = (bucket, options) => {
    reads += 1;
    return listOf(keys)(bucket, options);
  };

  const page = await listPage({ list }, "bucket", { prefix: "", delimiter: "/", after: "", maxKeys: 10 });

  expect(page.commonPrefixes).toEqual(["folder/"]);
  expect(reads).toBe(2);
});

async function allPages(
  keys: readonly string[],
  query: { readonly prefix: string; readonly delimiter: string; readonly maxKeys: number },
): Promise<readonly Listing[]> {
  const pages: Listing[] = [];
  let after = "";
  for (;;) {
    const page = await listPage({ list: listOf(keys) }, "bucket", { ...query, after });
    pages.push(page);
    if (!page.isTruncated || page.last === undefined) return pages;
    after = page.last;
  }
}

/** What a listing of everything at once shows. */
function expected(keys: readonly string[], prefix: string, delimiter: string): readonly string[] {
  const shown = keys
    .filter((each) => each.startsWith(prefix))
    .map((each) => {
      const at = delimiter === "" ? -1 : each.indexOf(delimiter, prefix.length);
      return at < 0 ? each : each.slice(0, at + delimiter.length);
    });
  return [...new Set(shown)].sort(inOrder);
}

function listOf(keys: readonly string[]): Objects["list"] {
  return async (_bucket, { prefix, after, limit }) =>
    keys
      .filter((each) => each.startsWith(prefix) && inOrder(each, after) > 0)
      .sort(inOrder)
      .slice(0, limit)
      .map((each): ObjectSummary => ({ key: each, size: 0, etag: "", lastModified: 0 }));
}

function sizeOf({ contents, commonPrefixes }: Listing): number {
  return contents.length + commonPrefixes.length;
}

function inOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
