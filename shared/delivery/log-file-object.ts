import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FileRow, FileSeal } from "../ports/ledger.ts";
import type { ObjectHead, ObjectSettings } from "../ports/object-store.ts";

const VOID_METADATA = { "opentrail-state": "void" };
const VOID_CONTENT = '{"Records":[]}';
const VOID_SHA256 = /* @__PURE__ */ hash("sha256", VOID_CONTENT, "hex");

/** The object of a void file: a log file without records. */
export const VOID_BODY: Buffer = /* @__PURE__ */ gzipSync(VOID_CONTENT);

/** What is put beside a log file's bytes. */
export function logFileSettings({ trailArn, kmsKeyId }: FileRow): ObjectSettings {
  return {
    contentType: "application/json",
    contentEncoding: "gzip",
    ...(kmsKeyId !== undefined && { kmsKeyId, encryptionContext: { "aws:cloudtrail:arn": trailArn } }),
  };
}

/** The same of a void file, with the mark that tells it from a delivered one. */
export function voidFileSettings(file: FileRow): ObjectSettings {
  return { ...logFileSettings(file), metadata: VOID_METADATA };
}

/** Whether an object was put to void its file. */
export function isVoidObject({ metadata }: ObjectHead): boolean {
  return metadata["opentrail-state"] === VOID_METADATA["opentrail-state"];
}

/** @param at milliseconds since the epoch: a file without records has no other time */
export function voidSeal(at: number): FileSeal {
  return { sha256: VOID_SHA256, oldestEventTime: at, newestEventTime: at, records: 0 };
}
