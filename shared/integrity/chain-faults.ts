import { type CheckedDigest, NOT_FOUND } from "./check-digest.ts";
import { isoSecond } from "./digest-file.ts";
import { parseDigestKey } from "./digest-key.ts";
import type { Period } from "./periods.ts";
import type { Gap } from "./validation.ts";

/** What the digests of a chain say of each other. */
export interface ChainFaults {
  readonly faults: {
    /** By key: digests that are good by themselves, and not what their neighbours say. */
    readonly of: ReadonlyMap<string, string>;
    /** Digests that others name and that are not there. */
    readonly missing: readonly CheckedDigest[];
  };
  readonly gaps: readonly Gap[];
  /** What is wrong that is no single file. */
  readonly notes: readonly string[];
}

/** How much longer than usual the time between two digests is if more than one is missing. */
const MORE_THAN_ONE = 1.5;

/**
 * Holds digests against what the ones after them say. The official CLI goes on from a missing digest to the next one
 * that is there, and so overlooks what else is missing between.
 */
export function chainFaults(digests: readonly CheckedDigest[], period: Period): ChainFaults {
  const byName = new Map(digests.map((digest) => [nameOf(digest.bucket, digest.key), digest]));
  const of = new Map<string, string>();
  const missing = new Map<string, CheckedDigest>();
  for (const { content, fault } of digests) {
    if (fault !== undefined || !content?.previousDigestS3Bucket || !content.previousDigestS3Object) {
      continue;
    }
    const { previousDigestS3Bucket: bucket, previousDigestS3Object: key } = content;
    const previous = byName.get(nameOf(bucket, key));
    if (previous === undefined) {
      if (Date.parse(content.digestStartTime) >= period.start) {
        const name = parseDigestKey(key);
        missing.set(nameOf(bucket, key), {
          key,
          bucket,
          endTime: name?.endTime ?? Date.parse(content.digestStartTime),
          isBackfill: name?.isBackfill ?? false,
          fault: NOT_FOUND,
          isSigned: false,
        });
      }
    } else if (previous.fault === undefined && !isNamedBy(previous, content)) {
      of.set(previous.key, "it is not the file that the next digest file names");
    }
  }
  const regular = digests.filter(({ isBackfill }) => !isBackfill);
  return { faults: { of, missing: [...missing.values()] }, ...holesBetween(regular) };
}

function isNamedBy(previous: CheckedDigest, content: NonNullable<CheckedDigest["content"]>): boolean {
  return (
    previous.sha256 === content.previousDigestHashValue &&
    (previous.signature === undefined || previous.signature === content.previousDigestSignature)
  );
}

/** The time between valid digests that follow each other and do not touch. */
function holesBetween(digests: readonly CheckedDigest[]): Pick<ChainFaults, "gaps" | "notes"> {
  const valid = digests
    .flatMap(({ content, fault, bucket, key }) =>
      content === undefined || fault !== undefined
        ? []
        : [
            {
              name: nameOf(bucket, key),
              start: Date.parse(content.digestStartTime),
              end: Date.parse(content.digestEndTime),
              previous: content.previousDigestS3Object
                ? nameOf(content.previousDigestS3Bucket ?? "", content.previousDigestS3Object)
                : undefined,
            },
          ],
    )
    .sort((one, other) => one.end - other.end);
  const usual = median(valid.map(({ start, end }) => end - start));
  const gaps: Gap[] = [];
  const notes: string[] = [];
  for (const [index, next] of valid.entries()) {
    const before = valid[index - 1];
    if (before === undefined || next.previous === before.name) {
      continue;
    }
    if (next.previous === undefined) {
      if (next.start > before.end) {
        gaps.push({ kind: "stopped", start: before.end, end: next.start });
      }
      continue;
    }
    if (next.start <= before.end) {
      notes.push(`Digest file\ts3://${before.name}\tINVALID: it is not part of the chain`);
      continue;
    }
    gaps.push({ kind: "missing", start: before.end, end: next.start });
    const invalid = digests.filter(
      ({ fault, endTime }) => fault && endTime > before.end && endTime < next.start,
    );
    const lost = Math.round((next.start - before.end) / usual) - 1 - invalid.length;
    if (next.start - before.end >= MORE_THAN_ONE * usual && lost > 0) {
      notes.push(
        `Digest files\tbetween ${isoSecond(before.end)} and ${isoSecond(next.start)}\tNOT PROVEN: the next digest ` +
          `file names one; by the length of the time, about ${lost} more may be missing`,
      );
    }
  }
  return { gaps, notes };
}

function nameOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
