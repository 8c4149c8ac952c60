import type { Trail, TrailState } from "../trail/trail.ts";

/** The trail's state changed between a read and the write that rested on it: read again and decide again. */
export class ConcurrentTrailChange extends Error {
  override readonly name = "ConcurrentTrailChange";
}

/** The trails of all accounts. Every read is consistent: it sees each write that was answered before it. */
export interface TrailStore {
  /** The version of an account's trail state: 0 before its first trail, one more with every change. */
  version(accountId: string): Promise<number>;
  /** All trails of an account with the version that they belong to. */
  read(accountId: string): Promise<TrailState>;
  /**
   * Writes one trail (new, or in place of the one with its ARN) and raises the account's version by one.
   * @throws ConcurrentTrailChange if the account's version is not `expectedVersion` any more.
   */
  put(trail: Trail, expectedVersion: number): Promise<void>;
  /**
   * Removes one trail and raises the account's version by one.
   * @throws ConcurrentTrailChange if the account's version is not `expectedVersion` any more.
   */
  delete(accountId: string, trailArn: string, expectedVersion: number): Promise<void>;
}
