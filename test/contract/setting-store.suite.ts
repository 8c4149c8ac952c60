import { beforeEach, describe, expect, it } from "vitest";
import type { SettingStore } from "../../shared/ports/setting-store.ts";

const KEY = "channels/111122223333/us-east-1";

/** What every SettingStore does. @param make an empty store */
export function describeSettingStoreContract(name: string, make: () => Promise<SettingStore>): void {
  describe(`setting store: ${name}`, () => {
    let settings: SettingStore;

    beforeEach(async () => {
      settings = await make();
    });

    it("a key that was never written has no setting", async () => {
      const setting = await settings.read(KEY);

      expect(setting).toBeUndefined();
    });

    it("a setting is read as it was written, each under its own key", async () => {
      await settings.replace(KEY, undefined, '["one"]');
      await settings.replace(`${KEY}-2`, undefined, '["two é"]');

      const read = [await settings.read(KEY), await settings.read(`${KEY}-2`)];

      expect(read).toEqual(['["one"]', '["two é"]']);
    });

    it("a setting is replaced and removed by who knows what it is", async () => {
      await settings.replace(KEY, undefined, "1");

      const replaced = await settings.replace(KEY, "1", "2");
      const between = await settings.read(KEY);
      const removed = await settings.replace(KEY, "2", undefined);

      expect([replaced, between, removed, await settings.read(KEY)]).toEqual([true, "2", true, undefined]);
    });

    it("who knows something else changes nothing", async () => {
      await settings.replace(KEY, undefined, "1");

      const changed = [
        await settings.replace(KEY, undefined, "2"),
        await settings.replace(KEY, "0", "2"),
        await settings.replace(KEY, "0", undefined),
        await settings.replace(`${KEY}-2`, "0", "2"),
      ];

      expect(changed).toEqual([false, false, false, false]);
      expect([await settings.read(KEY), await settings.read(`${KEY}-2`)]).toEqual(["1", undefined]);
    });

    it("of several at one time one changes the setting", async () => {
      const texts = ["a", "b", "c", "d"];

      const changed = await Promise.all(texts.map((text) => settings.replace(KEY, undefined, text)));

      expect(changed.filter(Boolean)).toHaveLength(1);
      expect(await settings.read(KEY)).toBe(texts[changed.indexOf(true)]);
    });
  });
}
