import { isJsonObject, type JsonValue } from "../shared/event/json.ts";

/** What a member gets at least, if it needs that much: members beyond what the limit then allows are left out. */
const SMALLEST_SHARE = 32;

const MARK = "…";

/**
 * Shortens a value until its JSON has at most `limit` bytes of UTF-8, and is JSON still. What is small is kept whole;
 * long texts are cut and end in `…`, and long lists and objects lose members. A value that fits is given back as it is.
 * @param limit 2 or more
 * @returns undefined if nothing of the value fits
 */
export function fitJson(value: JsonValue, limit: number): JsonValue | undefined {
  const sizes = new Map<JsonValue, number>();

  function sizeOf(part: JsonValue): number {
    if (typeof part !== "object" || part === null) return Buffer.byteLength(JSON.stringify(part));
    const known = sizes.get(part);
    if (known !== undefined) return known;
    const members = membersOf(part);
    const size = members.reduce((sum, [head, member]) => sum + head + sizeOf(member), 1);
    sizes.set(part, Math.max(size, 2));
    return Math.max(size, 2);
  }

  /** Each member with the bytes of its comma, and of its name and colon if it has one. */
  function membersOf(part: JsonValue): readonly (readonly [number, JsonValue, string])[] {
    if (Array.isArray(part)) return part.map((member) => [1, member, ""]);
    if (!isJsonObject(part)) return [];
    return Object.entries(part).flatMap(([name, member]) =>
      member === undefined ? [] : [[Buffer.byteLength(JSON.stringify(name)) + 2, member, name] as const],
    );
  }

  function shorten(part: JsonValue, most: number): JsonValue | undefined {
    if (sizeOf(part) <= most) return part;
    if (typeof part === "string") return cutText(part, most);
    if (typeof part !== "object" || part === null || most < 2) return undefined;
    let left = most - 1;
    const kept = [];
    for (const [head, member, name] of membersOf(part)) {
      const needed = head + Math.min(sizeOf(member), SMALLEST_SHARE);
      if (needed > left && Array.isArray(part)) break;
      if (needed > left) continue;
      left -= head;
      kept.push({ name, member, size: sizeOf(member), share: 0 });
      left -= Math.min(sizeOf(member), SMALLEST_SHARE);
    }
    share(kept, left + kept.reduce((sum, { size }) => sum + Math.min(size, SMALLEST_SHARE), 0));
    const fitted = kept.flatMap(({ name, member, share: most }) => {
      const shortened = shorten(member, most);
      return shortened === undefined ? [] : [[name, shortened] as const];
    });
    return Array.isArray(part) ? fitted.map(([, member]) => member) : Object.fromEntries(fitted);
  }

  return shorten(value, limit);
}

/** Gives small members what they need, and divides what is left among the larger ones. */
function share(members: { readonly size: number; share: number }[], bytes: number): void {
  let left = bytes;
  const bySize = members.toSorted((a, b) => a.size - b.size);
  for (const [index, member] of bySize.entries()) {
    member.share = Math.min(member.size, Math.floor(left / (bySize.length - index)));
    left -= member.share;
  }
}

/** The longest beginning of a text that, as JSON and with `…` behind it, has at most `limit` bytes. */
function cutText(text: string, limit: number): string | undefined {
  if (limit < Buffer.byteLength(JSON.stringify(MARK))) return undefined;
  let fits = 0;
  let tooLong = Math.min(text.length, limit);
  while (tooLong - fits > 1) {
    const length = (fits + tooLong) >> 1;
    if (Buffer.byteLength(JSON.stringify(beginning(text, length) + MARK)) <= limit) fits = length;
    else tooLong = length;
  }
  return beginning(text, fits) + MARK;
}

/** Cuts a text so that it holds at most `limit` bytes of UTF-8. One that was cut ends in `…`. */
export function fitText(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  // Whole characters: what is left of one that was cut decodes as a replacement character.
  const bytes = Buffer.from(text.slice(0, limit)).subarray(0, limit - Buffer.byteLength(MARK));
  return bytes.toString().replace(/�+$/, "") + MARK;
}

/** The first `length` characters, without half of one that needs two. */
function beginning(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
