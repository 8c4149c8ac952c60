import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** The log files of a bucket in an embedded host's data folder, by key. */
export function readLogFiles(dataDir: string, bucket: string): ReadonlyMap<string, string> {
  const root = path.join(dataDir, "objects", bucket);
  const files = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const key = path.relative(root, file);
    if (entry.isFile() && /_CloudTrail(-\w+)?_/.test(key) && !key.includes("CloudTrail-Digest")) {
      files.set(key, gunzipSync(readFileSync(file)).toString("utf8"));
    }
  }
  return files;
}

/** How often each eventID stands in log files. */
export function countEventIds(files: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of files.values()) {
    for (const { eventID } of JSON.parse(text).Records) {
      counts.set(eventID, (counts.get(eventID) ?? 0) + 1);
    }
  }
  return counts;
}
