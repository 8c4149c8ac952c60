import type { SettingStore } from "../../ports/setting-store.ts";

/** Settings that end with the process. */
export class MemorySettingStore implements SettingStore {
  readonly #settings = new Map<string, string>();

  async read(key: string): Promise<string | undefined> {
    return this.#settings.get(key);
  }

  async replace(key: string, before: string | undefined, after: string | undefined): Promise<boolean> {
    if (this.#settings.get(key) !== before) return false;
    if (after === undefined) this.#settings.delete(key);
    else this.#settings.set(key, after);
    return true;
  }
}
