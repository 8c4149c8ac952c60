import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { errorCode } from "./durable-file.ts";

/** Another process works in the data folder. */
export class DataFolderInUse extends Error {
  override readonly name = "DataFolderInUse";
}

/** The folder that holds everything the embedded host keeps, locked to this process until it is closed. */
export interface DataFolder {
  readonly path: string;
  close(): void;
}

/**
 * Makes the folder where it is missing, readable for its owner alone, and locks it.
 *
 * The lock is an SQLite lock on a file of its own. The operating system drops it when the process ends, also
 * by SIGKILL, so a stale lock cannot stay behind. The process id that is written next to it is only for the
 * message of the one who comes second.
 *
 * @throws DataFolderInUse if another process, or another part of this one, has the folder open
 */
export function openDataFolder(folder: string): DataFolder {
  const absolute = path.resolve(folder);
  makeFolder(absolute);

  const holder = path.join(absolute, "lock.pid");
  const lock = new DatabaseSync(path.join(absolute, "lock.db"), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? new DataFolderInUse(inUseMessage(absolute, holder), { cause }) : cause;
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });

  return { path: absolute, close: () => lock.close() };
}

/** Node's own way with `recursive` never ends below a folder that takes none and says ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  try {
    makeOneFolder(folder);
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || path.dirname(folder) === folder) {
      throw error;
    }
    makeFolder(path.dirname(folder));
    makeOneFolder(folder);
  }
}

function makeOneFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw error;
    }
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function inUseMessage(folder: string, holder: string): string {
  const by = processIn(holder);
  return `The data folder ${folder} is in use by another OpenTrail${by ? ` (process ${by})` : ""}. Stop it, or choose another folder with --data-dir.`;
}

function processIn(holder: string): string | undefined {
  try {
    return readFileSync(holder, "utf8").trim();
  } catch {
    return undefined;
  }
}
