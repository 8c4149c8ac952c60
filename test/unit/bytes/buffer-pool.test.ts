import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BufferPool } from "../../../shared/bytes/buffer-pool.ts";

const MIB = 1024 * 1024;

describe("BufferPool", () => {
  test("no two users have the same memory at one time, and each gets as many bytes as it asked for", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: MIB }), { maxLength: 20 }), async (sizes) => {
        const pool = new BufferPool(2 * MIB);
        const use = (size: number, mark: number) =>
          pool.lend(size, async (buffer) => {
            buffer.fill(mark);
            await new Promise((resolve) => setImmediate(resolve));

            expect(buffer.length).toBe(size);
            expect(buffer.every((byte) => byte === mark)).toBe(true);
          });

        await Promise.all(sizes.map(use));
        await Promise.all(sizes.map(use));
      }),
      { numRuns: 20 },
    );
  });

  test("what was given back is lent again", async () => {
    const pool = new BufferPool(MIB);
    await pool.lend(1_000, async (buffer) => buffer.fill(7));

    await pool.lend(2_000, async (buffer) => {
      expect(buffer[999]).toBe(7);
    });
  });

  test("a buffer comes back from a user that failed", async () => {
    const pool = new BufferPool(MIB);
    const failing = pool.lend(1_000, async (buffer) => {
      buffer.fill(7);
      throw new Error("failed");
    });

    await expect(failing).rejects.toThrow("failed");
    await pool.lend(1_000, async (buffer) => {
      expect(buffer[0]).toBe(7);
    });
  });

  test("what is over the memory to keep is given back to the system", async () => {
    const pool = new BufferPool(MIB);
    let lent: Buffer = Buffer.alloc(0);

    await pool.lend(2 * MIB, async (buffer) => {
      lent = buffer;
    });

    expect(lent.length).toBe(0);
  });
});
