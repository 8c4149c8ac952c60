/**
 * Settings that are not trails: a JSON text each, under a key such as `channels/111122223333/us-east-1`. Every read is
 * consistent: it sees each write that was answered before it.
 */
export interface SettingStore {
  /** The text under a key; undefined where there is none. */
  read(key: string): Promise<string | undefined>;
  /**
   * Puts `after` in the place of `before`. Undefined stands for no setting: before a first one, after a removed one.
   * @returns whether it was done: false when something else than `before` is there
   */
  replace(key: string, before: string | undefined, after: string | undefined): Promise<boolean>;
}
