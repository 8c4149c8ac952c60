import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readRecords } from "../../../shared/ingest/read-records.ts";
import { UnreadableInput } from "../../../shared/ingest/record-splitter.ts";

async function* chunksOf(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) {
    yield content.subarray(at, at + size);
  }
}

async function readAll(name: string, content: Buffer, size = 7): Promise<string[]> {
  const found: string[] = [];
  for await (const records of readRecords(name, chunksOf(content, size))) {
    found.push(...records.map(({ text }) => text.toString()));
  }
  return found;
}

const LINES = '{"a":1}\n{"a":2}\n';

describe("readRecords", () => {
  test("gzip is told by the first bytes, not by the name", async () => {
    expect(await readAll("records", gzipSync(LINES), 1)).toEqual(['{"a":1}', '{"a":2}']);
    expect(await readAll("records.jsonl.gz", Buffer.from(LINES))).toEqual(['{"a":1}', '{"a":2}']);
  });

  test("several gzip members end to end are read to the last", async () => {
    const content = Buffer.concat([gzipSync('{"Records":[{"a":1}]}'), gzipSync('{"Records":[{"a":2}]}')]);

    expect(await readAll("-", content)).toEqual(['{"a":1}', '{"a":2}']);
  });

  test("gzip that is cut short is unreadable, and what came before is given", async () => {
    const whole = gzipSync(Array.from({ length: 60_000 }, (_, n) => `{"n":${n}}\n`).join(""), { level: 0 });
    const found: number[] = [];

    const reading = (async () => {
      for await (const records of readRecords("-", chunksOf(whole.subarray(0, -1000), 65_536))) {
        found.push(records.length);
      }
    })();

    await expect(reading).rejects.toThrow(UnreadableInput);
    expect(found.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10_000);
  });

  test("what inflates to more than may be is unreadable from there on", async () => {
    const bomb = gzipSync(`{"Records":[${'{"a":1},'.repeat(1_000_000)}`);
    let found = 0;

    const reading = (async () => {
      for await (const records of readRecords("-", chunksOf(bomb, 1_000), 2_000_000)) {
        found += records.length;
      }
    })();

    await expect(reading).rejects.toThrow("it inflates to more than 2000000 bytes");
    expect(found).toBeGreaterThan(0);
    expect(found).toBeLessThan(250_000);
  });

  test("an error of whoever gives the bytes is not taken for a damaged file", async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield gzipSync(LINES).subarray(0, 20);
      throw new Error("connection lost");
    }

    const reading = (async () => {
      for await (const _ of readRecords("-", broken())) {
        // Nothing is whole yet.
      }
    })();

    await expect(reading).rejects.toThrow("connection lost");
    await expect(reading).rejects.not.toBeInstanceOf(UnreadableInput);
  });

  test("an empty file has no records", async () => {
    expect(await readAll("empty.json", Buffer.alloc(0))).toEqual([]);
  });
});
