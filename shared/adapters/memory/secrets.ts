import type { Secrets } from "../../ports/secrets.ts";

/** Secrets in memory, by their ids. */
export class MemorySecrets implements Secrets {
  readonly #texts = new Map<string, string>();

  set(id: string, text: string): void {
    this.#texts.set(id, text);
  }

  async read(id: string): Promise<string | undefined> {
    return this.#texts.get(id);
  }
}
