import { closeSync, fsync, mkdirSync, openSync, renameSync, writeFile, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/**
 * What is written on this thread: so much is in the page cache within a tenth of a millisecond, and a trip to the
 * thread pool and back costs as much. Waits for the disk never are.
 */
const SMALL_BYTES = 256 * 1024;

const syncDescriptor = promisify(fsync);
const writeAside = promisify<number, Uint8Array>(writeFile);

/** Writes a file whose bytes survive a loss of power; its name does only after `syncFolder`. After an error there is none. */
export async function writeDurableFile(file: string, bytes: Uint8Array): Promise<void> {
  try {
    const descriptor = openSync(file, "wx", 0o600);
    try {
      if (bytes.length <= SMALL_BYTES) {
        writeFileSync(descriptor, bytes);
      } else {
        await writeAside(descriptor, bytes);
      }
      await syncDescriptor(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/**
 * Writes a small file that a loss of power may cut short or take away, for what can be found out again. Not to wait for
 * the disk saves half of what a put costs.
 */
export function writeForgettableFile(file: string, bytes: Uint8Array): void {
  inFolder(path.dirname(file), () => writeFileSync(file, bytes, { mode: 0o600 }));
}

/**
 * Moves a file to its place, over the file that is there, and makes the folders that it needs. Synchronous, so that no
 * other task can remove an empty folder in between. Follow with `syncFolders`.
 * @returns the folders whose entries changed
 */
export function moveIntoPlace(from: string, to: string): readonly string[] {
  const folder = path.dirname(to);
  const firstMade = inFolder(folder, () => renameSync(from, to));
  return firstMade === undefined ? [folder] : foldersBetween(path.dirname(firstMade), folder);
}

/** Makes the names in the folders survive a loss of power. */
export async function syncFolders(folders: readonly string[]): Promise<void> {
  // Windows has no such call for folders, and keeps names in order without it.
  if (process.platform === "win32") {
    return;
  }
  for (const folder of folders) {
    try {
      const descriptor = openSync(folder, "r");
      try {
        await syncDescriptor(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
    }
  }
}

/**
 * Does what needs a folder, which is nearly always there, and makes it where it is not.
 * @returns the uppermost folder that was made, if any was
 */
function inFolder(folder: string, work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw error;
    }
  }
  const firstMade = mkdirSync(folder, { recursive: true, mode: 0o700 });
  work();
  return firstMade;
}

/** Whether the error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR";
}

/** The operating system's code of an error, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

function foldersBetween(top: string, bottom: string): readonly string[] {
  return bottom === top ? [top] : [bottom, ...foldersBetween(top, path.dirname(bottom))];
}
