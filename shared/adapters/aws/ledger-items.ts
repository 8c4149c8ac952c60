import { createHash } from "node:crypto";
import { chainName } from "../../ports/digest-store.ts";
import type { FileRow, FileSeal, FileState } from "../../ports/ledger.ts";
import { type Item, N, numberOf, S, stringOf } from "./dynamodb-items.ts";
import { OPEN_FILES_SHARDS } from "./tables.ts";

const PART = "part#";

/** Rows are kept for longer than anything can be delivered again: 45 days. */
const KEPT_SECONDS = 45 * 24 * 60 * 60;

/** What never changes about a file row: kept as one JSON attribute. */
type FileFacts = Omit<FileRow, "state" | "leaseUntil" | "seal">;

/** The key of a file's item. */
export function fileKey(fileId: string): Item {
  return { id: S(`file#${fileId}`) };
}

/** The key of a part's item. */
export function partKey(partId: string): Item {
  return { id: S(PART + partId) };
}

/** The part that an item of the ledger is of. */
export function partIdOf(item: Item): string {
  return stringOf(item, "id").slice(PART.length);
}

/** An open file as an item. The shard puts it into the index of open files. */
export function openFileItem({ state: _, leaseUntil, seal: __, ...facts }: FileRow): Item {
  return {
    ...fileKey(facts.id),
    file: S(JSON.stringify(facts satisfies FileFacts)),
    state: S("open"),
    leaseUntil: N(leaseUntil),
    openShard: N(shardOf(facts.id)),
    // A file that is to be in a digest is kept until it is.
    ...(facts.digestFolder ? { undigested: S(chainName(facts)) } : { expiresAt: expiresAt(leaseUntil) }),
  };
}

/** The file row of an item that `openFileItem` made and that the ledger's steps changed. */
export function fileRow(item: Item): FileRow {
  const seal = item.seal?.S;
  return {
    ...(JSON.parse(stringOf(item, "file")) as FileFacts),
    state: stringOf(item, "state") as FileState,
    leaseUntil: numberOf(item, "leaseUntil") ?? 0,
    ...(seal !== undefined && { seal: JSON.parse(seal) as FileSeal }),
  };
}

/** When DynamoDB may delete an item of now. @param now milliseconds since the epoch */
export function expiresAt(now: number): Item[string] {
  return N(Math.floor(now / 1000) + KEPT_SECONDS);
}

/** A seal as an attribute. */
export function sealValue(seal: FileSeal): Item[string] {
  return S(JSON.stringify(seal));
}

function shardOf(fileId: string): number {
  return createHash("sha256").update(fileId).digest().readUInt32BE() % OPEN_FILES_SHARDS;
}
