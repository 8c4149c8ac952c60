import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Batcher, bulkBody, type OutgoingRecord } from "../../cli/batch-records.ts";
import { BULK_BODY_LIMIT } from "../../shared/api/records.ts";
import { sliceRecords } from "../../shared/ingest/slice-records.ts";

function outgoing(text: string): OutgoingRecord {
  return { text: Buffer.from(text), place: () => "" };
}

describe("bulkBody", () => {
  test("the server cuts out of it the texts that went in, whatever white space they hold", () => {
    const text = fc
      .tuple(fc.dictionary(fc.string(), fc.string()), fc.constantFrom("", " ", "\n", "\r\n"))
      .filter(([fields]) => !("Records" in fields))
      .map(([fields, space]) => JSON.stringify({ a: 1, ...fields }).replace("{", `{${space}`));

    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (records) => {
        const body = bulkBody(records.map(outgoing));

        expect(sliceRecords(body).map(String)).toEqual(records);
      }),
    );
  });
});

describe("Batcher", () => {
  test("a batch stays below the body limit, and no record is lost or moved", () => {
    const batcher = new Batcher();
    const records = Array.from({ length: 13 }, (_, n) =>
      outgoing(`{"n":${n},"fill":"${"x".repeat(900_000)}"}`),
    );

    const batches = [...records.map((record) => batcher.add(record)), batcher.take(), batcher.take()];

    const sent = batches.filter((batch) => batch !== undefined);
    expect(sent.flat()).toEqual(records);
    expect(sent.length).toBeGreaterThan(1);
    expect(Math.max(...sent.map((batch) => bulkBody(batch).length))).toBeLessThan(BULK_BODY_LIMIT);
  });

  test("a record larger than a batch goes alone", () => {
    const batcher = new Batcher();
    const large = outgoing(`{"fill":"${"x".repeat(10_000_000)}"}`);
    batcher.add(outgoing('{"a":1}'));

    const before = batcher.add(large);
    const alone = batcher.add(outgoing('{"a":2}'));

    expect(before).toHaveLength(1);
    expect(alone).toEqual([large]);
  });
});
