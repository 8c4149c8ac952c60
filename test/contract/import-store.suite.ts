import { beforeEach, describe, expect, it } from "vitest";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { ImportStore } from "../../shared/ports/import-store.ts";

const FILE = "trail-logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a.json.gz#9b2cf5";
const NOTHING = { records: 0, refused: 0, isComplete: false };
const MINUTE = 60_000;

/** What every ImportStore does. @param make an empty store that remembers for so many ms */
export function describeImportStoreContract(
  name: string,
  make: (clock: Clock, memoryMs: number) => Promise<ImportStore>,
): void {
  describe(`import store: ${name}`, () => {
    let clock: MemoryClock;
    let imports: ImportStore;

    beforeEach(async () => {
      clock = new MemoryClock(Date.UTC(2026, 0, 31));
      imports = await make(clock, 60 * MINUTE);
    });

    const lease = (owner: string, ms = MINUTE) => ({ owner, until: clock.now() + ms });

    it("a file that nobody imported is claimed from its first record on", async () => {
      const before = await imports.read(FILE);

      const claim = await imports.claim(FILE, lease("a"));

      expect(before).toBeUndefined();
      expect(claim).toEqual({ outcome: "claimed", progress: NOTHING });
    });

    it("while one imports a file, another is told until when, and may import another file", async () => {
      await imports.claim(FILE, lease("a"));

      const claims = [await imports.claim(FILE, lease("b")), await imports.claim(`${FILE}2`, lease("b"))];

      expect(claims).toEqual([
        { outcome: "busy", until: clock.now() + MINUTE },
        { outcome: "claimed", progress: NOTHING },
      ]);
    });

    it("of several who claim a file at one time one gets it", async () => {
      const claims = await Promise.all(
        ["a", "b", "c", "d"].map((owner) => imports.claim(FILE, lease(owner))),
      );

      expect(claims.filter(({ outcome }) => outcome === "claimed")).toHaveLength(1);
    });

    it("a complete file is not claimed again", async () => {
      const progress = { records: 12, refused: 1, isComplete: true };
      await imports.claim(FILE, lease("a"));

      const noted = await imports.note(FILE, lease("a"), progress);

      const claims = [await imports.claim(FILE, lease("b")), await imports.claim(FILE, lease("a"))];
      expect(noted).toBe(true);
      expect(claims).toEqual(Array(2).fill({ outcome: "imported", progress }));
      expect(await imports.read(FILE)).toEqual(progress);
    });

    it("when the lease has ended, the next one goes on from what was noted, and the first may note no more", async () => {
      const progress = { records: 5_000, refused: 2, isComplete: false };
      await imports.claim(FILE, lease("a"));
      await imports.note(FILE, lease("a"), progress);
      clock.advance(MINUTE);

      const claim = await imports.claim(FILE, lease("b"));
      const late = await imports.note(FILE, lease("a"), { records: 9_000, refused: 2, isComplete: true });

      expect(claim).toEqual({ outcome: "claimed", progress });
      expect(late).toBe(false);
      expect(await imports.read(FILE)).toEqual(progress);
    });

    it("a file that was given back is free at once", async () => {
      await imports.claim(FILE, lease("a"));
      await imports.note(FILE, lease("a", 0), { ...NOTHING, records: 3 });

      const claim = await imports.claim(FILE, lease("b"));

      expect(claim).toEqual({ outcome: "claimed", progress: { ...NOTHING, records: 3 } });
    });

    it("a claim that is repeated is a longer lease", async () => {
      await imports.claim(FILE, lease("a"));
      clock.advance(MINUTE / 2);

      const again = await imports.claim(FILE, lease("a"));

      expect(again).toEqual({ outcome: "claimed", progress: NOTHING });
      expect(await imports.claim(FILE, lease("b"))).toEqual({ outcome: "busy", until: clock.now() + MINUTE });
    });

    it("who never claimed a file notes nothing", async () => {
      const noted = await imports.note(FILE, lease("a"), { ...NOTHING, isComplete: true });

      expect([noted, await imports.read(FILE)]).toEqual([false, undefined]);
    });

    it("a file is forgotten some time after its last note", async () => {
      await imports.claim(FILE, lease("a"));
      await imports.note(FILE, lease("a"), { records: 1, refused: 0, isComplete: true });
      clock.advance(59 * MINUTE);
      const remembered = await imports.read(FILE);
      clock.advance(2 * MINUTE);

      const claim = await imports.claim(FILE, lease("b"));

      expect(remembered).toMatchObject({ isComplete: true });
      expect(claim).toEqual({ outcome: "claimed", progress: NOTHING });
    });
  });
}
