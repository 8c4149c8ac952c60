import { ConcurrentTrailChange, type TrailStore } from "../../ports/trail-store.ts";
import type { Trail, TrailState } from "../../trail/trail.ts";

const NO_TRAILS: TrailState = { version: 0, trails: [] };

/** Trails that end with the process. */
export class MemoryTrailStore implements TrailStore {
  readonly #accounts = new Map<string, TrailState>();

  async version(accountId: string): Promise<number> {
    return this.#state(accountId).version;
  }

  async read(accountId: string): Promise<TrailState> {
    return this.#state(accountId);
  }

  async put(trail: Trail, expectedVersion: number): Promise<void> {
    this.#change(trail.accountId, expectedVersion, (trails) => [
      ...trails.filter(({ trailArn }) => trailArn !== trail.trailArn),
      trail,
    ]);
  }

  async delete(accountId: string, trailArn: string, expectedVersion: number): Promise<void> {
    this.#change(accountId, expectedVersion, (trails) =>
      trails.filter((trail) => trail.trailArn !== trailArn),
    );
  }

  #state(accountId: string): TrailState {
    return this.#accounts.get(accountId) ?? NO_TRAILS;
  }

  #change(
    accountId: string,
    expectedVersion: number,
    change: (trails: readonly Trail[]) => readonly Trail[],
  ): void {
    const { version, trails } = this.#state(accountId);
    if (version !== expectedVersion) {
      throw new ConcurrentTrailChange(
        `The trails of account ${accountId} have version ${version}, not ${expectedVersion}.`,
      );
    }
    this.#accounts.set(accountId, { version: version + 1, trails: change(trails) });
  }
}
