import { mkdirSync, renameSync } from "node:fs";
import { open, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/** Writes a file whose bytes survive a loss of power; its name does only after `syncFolder`. After an error there is none. */
export async function writeDurableFile(file: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

/**
 * Writes a file that a loss of power may cut short or take away, for what can be found out again. Not to wait for
 * the disk saves half of what a put costs.
 */
export async function writeForgettableFile(file: string, bytes: Uint8Array): Promise<void> {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, bytes, { mode: 0o600 });
}

/**
 * Moves a file to its place, over the file that is there, and makes the folders that it needs. Synchronous, so that no
 * other task can remove an empty folder in between. Follow with `syncFolders`.
 * @returns the folders whose entries changed
 */
export function moveIntoPlace(from: string, to: string): readonly string[] {
  const folder = path.dirname(to);
  const firstMade = mkdirSync(folder, { recursive: true, mode: 0o700 });
  renameSync(from, to);
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
      const handle = await open(folder, "r");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
    }
  }
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
