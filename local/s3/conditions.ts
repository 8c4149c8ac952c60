import type { ApiRequest } from "../../shared/api/http.ts";
import type { ObjectDetails } from "../../shared/ports/objects.ts";

/**
 * What becomes of a conditional read: `proceed`, `not-modified` (304) or `failed` (412).
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-precedence-of-preconditions
 */
export function readCondition(
  headers: ApiRequest["headers"],
  object: Pick<ObjectDetails, "etag" | "lastModified">,
): "proceed" | "not-modified" | "failed" {
  const ifMatch = headers["if-match"];
  if (ifMatch !== undefined) {
    if (!names(ifMatch, object.etag)) {
      return "failed";
    }
  } else if (seconds(object.lastModified) > date(headers["if-unmodified-since"], Number.POSITIVE_INFINITY)) {
    return "failed";
  }

  const ifNoneMatch = headers["if-none-match"];
  if (ifNoneMatch !== undefined) {
    return names(ifNoneMatch, object.etag) ? "not-modified" : "proceed";
  }
  return seconds(object.lastModified) <= date(headers["if-modified-since"], Number.NEGATIVE_INFINITY)
    ? "not-modified"
    : "proceed";
}

/** Clients send entity tags with their quotes or, some, without. */
function names(header: string, etag: string): boolean {
  return header
    .split(",")
    .map((tag) => tag.trim().replace(/^(W\/)?"(.*)"$/, "$2"))
    .some((tag) => tag === "*" || tag === etag);
}

/** A header's date in seconds; one that is no date counts for nothing. */
function date(header: string | undefined, otherwise: number): number {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? otherwise : seconds(time);
}

/** HTTP dates know no milliseconds. */
function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
