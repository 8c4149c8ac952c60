import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { moveIntoPlace, syncFolders, writeDurableFile } from "./durable-file.ts";

/** Files on their way to their place. What a process that is gone left there is removed at the start. */
export class TemporaryFiles {
  readonly #folder: string;

  /** @param folder on the file system of the places */
  constructor(folder: string) {
    this.#folder = folder;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Writes a file as a whole, over the one that is there; it survives a loss of power. After an error the old file is
   * there, or the new one.
   * @param beforeMove done when the bytes are safe and before they take their place
   */
  async put(bytes: Uint8Array, place: string, beforeMove?: () => Promise<void>): Promise<void> {
    const temporary = path.join(this.#folder, randomUUID());
    await writeDurableFile(temporary, bytes);
    try {
      await beforeMove?.();
      await syncFolders(moveIntoPlace(temporary, place));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}
