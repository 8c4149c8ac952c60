import { AwsError } from "../error/aws-error.ts";
import type { Clock } from "../ports/clock.ts";
import type { SettingStore } from "../ports/setting-store.ts";

/** What settings are read and changed with. */
export interface SettingDependencies {
  readonly settings: SettingStore;
  readonly clock: Clock;
}

/** A call that lost the race this often gives up: somebody changes the setting without pause. */
const ATTEMPTS = 8;

/** The setting under a key; `initial` where there is none. */
export async function readSetting<Setting>(
  { settings }: Pick<SettingDependencies, "settings">,
  key: string,
  initial: Setting,
): Promise<Setting> {
  const text = await settings.read(key);
  return text === undefined ? initial : (JSON.parse(text) as Setting);
}

/**
 * Reads a setting, lets `decide` decide on it and writes what it gives. When another call has changed it in between, it is
 * all done anew.
 * @throws AwsError what `decide` throws; ConflictException when others were faster each time
 */
export async function changeSetting<Setting>(
  { settings, clock }: SettingDependencies,
  key: string,
  initial: Setting,
  decide: (setting: Setting) => Setting,
): Promise<Setting> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = await settings.read(key);
    const after = decide(before === undefined ? initial : (JSON.parse(before) as Setting));
    if (await settings.replace(key, before, JSON.stringify(after))) return after;
    await clock.sleep(5 * attempt);
  }
  throw new AwsError("ConflictException", "The setting is being changed by other calls. Try again.");
}
