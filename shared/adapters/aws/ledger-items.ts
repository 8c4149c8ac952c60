import { createHash } from "node:crypto";
import type { RecordKind } from "../../event/record.ts";
import type { FileRow, FileSeal, FileState } from "../../ports/ledger.ts";
import { type Item, N, numberOf, S, stringOf } from "./dynamodb-items.ts";
import { OPEN_FILES_SHARDS } from "./tables.ts";

const FILE = "file#";
const PART = "part#";

/** The key of a file's item. */
export function fileKey(fileId: string): Item {
  return { id: S(FILE + fileId) };
}

/** The key of a part's item. */
export function partKey(partId: string): Item {
  return { id: S(PART + partId) };
}

/** The part that an item of the ledger is of. */
export function partIdOf(item: Item): string {
  return stringOf(item, "id").slice(PART.length);
}

/** A file row as an item. An open one has a shard and so stands in the index of open files. */
export function fileItem(file: FileRow): Item {
  return {
    ...fileKey(file.id),
    bucket: S(file.bucket),
    key: S(file.key),
    trailArn: S(file.trailArn),
    recipientAccountId: S(file.recipientAccountId),
    awsRegion: S(file.awsRegion),
    kind: S(file.kind),
    state: S(file.state),
    leaseUntil: N(file.leaseUntil),
    ...(file.state === "open" && { openShard: N(shardOf(file.id)) }),
    ...(file.seal && { seal: S(JSON.stringify(file.seal)) }),
  };
}

/** The file row of an item that `fileItem` made. */
export function fileRow(item: Item): FileRow {
  const seal = item.seal?.S;
  return {
    id: stringOf(item, "id").slice(FILE.length),
    bucket: stringOf(item, "bucket"),
    key: stringOf(item, "key"),
    trailArn: stringOf(item, "trailArn"),
    recipientAccountId: stringOf(item, "recipientAccountId"),
    awsRegion: stringOf(item, "awsRegion"),
    kind: stringOf(item, "kind") as RecordKind,
    state: stringOf(item, "state") as FileState,
    leaseUntil: numberOf(item, "leaseUntil") ?? 0,
    ...(seal !== undefined && { seal: JSON.parse(seal) as FileSeal }),
  };
}

function shardOf(fileId: string): number {
  return createHash("sha256").update(fileId).digest().readUInt32BE() % OPEN_FILES_SHARDS;
}
