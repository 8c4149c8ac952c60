import type { ByteRange } from "../../shared/ports/objects.ts";
import { s3Error } from "./s3-error.ts";

/**
 * The bytes that a Range header asks for, or undefined where there is none, or one that S3 ignores: several
 * ranges, another unit, or nonsense.
 * @throws InvalidRange where the object has no such bytes
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") {
    return undefined;
  }

  if (first === "") {
    const start = Math.max(0, size - Number(last));
    return satisfiable({ start, end: size - 1 });
  }
  if (last !== "" && Number(last) < Number(first)) {
    return undefined;
  }
  return satisfiable({
    start: Number(first),
    end: last === "" ? size - 1 : Math.min(Number(last), size - 1),
  });
}

function satisfiable(range: ByteRange): ByteRange {
  if (range.start > range.end) {
    throw s3Error("InvalidRange");
  }
  return range;
}
