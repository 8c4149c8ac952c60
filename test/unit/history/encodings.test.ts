import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader } from "../../../shared/history/byte-reader.ts";
import { ByteWriter } from "../../../shared/history/byte-writer.ts";
import { dictionaryVersionOf, itemEnds, packItem, unpackItem } from "../../../shared/history/data-item.ts";
import { dictionaryVersionFor, makeDictionary } from "../../../shared/history/dictionary.ts";
import { decodeLongListRow, encodeLongList, RANKS_PER_LIST_ROW } from "../../../shared/history/long-list.ts";
import { encodeBucket, findPostings, forEachPosting, RANK_SPAN } from "../../../shared/history/postings.ts";
import {
  decodeTimeDirectory,
  decodeTimes,
  encodeTimeDirectory,
  encodeTimes,
  type TimeColumn,
  timeChunks,
  timeDirectory,
  timeOrder,
} from "../../../shared/history/time-column.ts";

describe("numbers of variable length", () => {
  it("come back as they were, up to 2^53 - 1, of either sign", () => {
    fc.assert(
      fc.property(
        fc.array(fc.maxSafeNat()),
        fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 })),
        (plain, signed) => {
          const writer = new ByteWriter(1);
          for (const value of plain) writer.number(value);
          for (const value of signed) writer.signed(value);

          const reader = new ByteReader(writer.bytes());
          expect(plain.map(() => reader.number())).toEqual(plain);
          expect(signed.map(() => reader.signed())).toEqual(signed);
          expect(reader.isAtEnd).toBe(true);
        },
      ),
    );
  });
});

describe("time columns", () => {
  const records = fc.array(
    fc.record({
      time: fc.oneof(fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: 0, max: 2 ** 42 })),
      position: fc.nat(2 ** 40),
    }),
    { minLength: 1, maxLength: 5_000, size: "max" },
  );

  it("come back as they were, sorted, in chunks of any unit", () => {
    fc.assert(
      fc.property(records, fc.constantFrom(1, 1000), (made, unit) => {
        const column: TimeColumn = {
          times: Float64Array.from(made, ({ time }) => time * unit),
          positions: Float64Array.from(made, ({ position }) => position),
        };
        const order = timeOrder(column);
        const sorted: TimeColumn = {
          times: Float64Array.from(order, (index) => column.times[index] as number),
          positions: Float64Array.from(order, (index) => column.positions[index] as number),
        };

        for (const chunk of timeChunks(sorted)) {
          const writer = new ByteWriter();
          encodeTimes(chunk, writer);
          expect(decodeTimes(new ByteReader(writer.bytes()))).toEqual(chunk);
        }
        const directory = timeDirectory(timeChunks(sorted));
        expect(decodeTimeDirectory(encodeTimeDirectory(directory))).toEqual(directory);
        expect([...sorted.times]).toEqual([...column.times].sort((one, other) => one - other));
      }),
      { numRuns: 30 },
    );
  });
});

describe("postings", () => {
  const postings = fc.uniqueArray(
    fc.record({
      hash: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      ranks: fc.uniqueArray(fc.nat(RANK_SPAN - 1), { minLength: 1, maxLength: 30 }),
    }),
    { selector: ({ hash }) => hash, maxLength: 60 },
  );

  it("are found by their hash, and only by it; long lists by their number", () => {
    fc.assert(
      fc.property(postings, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (made, absent) => {
        const pairs = Float64Array.from(
          made.flatMap(({ hash, ranks }) => ranks.map((rank) => hash * RANK_SPAN + rank)),
        ).sort();
        const kept: Uint32Array[] = [];
        const writer = new ByteWriter();
        const longLists = { longestInline: 10, keep: (ranks: Uint32Array) => kept.push(ranks) - 1 };

        const end = encodeBucket(pairs, 0, 2 ** 32, writer, new ByteWriter(), longLists);

        expect(end).toBe(pairs.length);
        const hashes = made.map(({ hash }) => hash).sort((one, other) => one - other);
        const found = findPostings(writer.bytes(), hashes);
        for (const { hash, ranks } of made) {
          const posting = found.get(hash);
          const read = posting && ("ranks" in posting ? posting.ranks : kept[posting.list]);
          expect([...(read ?? [])]).toEqual([...ranks].sort((one, other) => one - other));
        }
        expect(findPostings(writer.bytes(), [absent]).has(absent)).toBe(hashes.includes(absent));
        const visited: number[] = [];
        forEachPosting(writer.bytes(), (hash) => visited.push(hash));
        expect(visited).toEqual(hashes);
      }),
    );
  });
});

describe("long lists", () => {
  it("come back as they were, from rows of few ranks and of many", () => {
    const records = 3 * RANKS_PER_LIST_ROW - 5;
    const ranks = Uint32Array.from({ length: records }, (_, rank) => rank).filter((rank) =>
      rank < RANKS_PER_LIST_ROW ? rank % 2 === 0 : rank < 2 * RANKS_PER_LIST_ROW ? false : rank % 100 === 7,
    );

    const rows = encodeLongList(ranks, records);

    expect(rows).toHaveLength(3);
    const read = rows.flatMap((row, number) => [...decodeLongListRow(row, number * RANKS_PER_LIST_ROW)]);
    expect(read).toEqual([...ranks]);
  });
});

describe("data items", () => {
  const texts = Array.from({ length: 60 }, (_, index) =>
    Buffer.from(
      JSON.stringify({ eventName: `Name${index % 3}`, eventSource: "ec2.amazonaws.com", index, ü: "€" }),
    ),
  );

  it("give back the records that are asked for, with a dictionary and without", () => {
    for (const dictionary of [undefined, makeDictionary(3, texts)]) {
      const item = packItem(texts, dictionary);

      expect(dictionaryVersionOf(item)).toBe(dictionary?.version ?? 0);
      expect(unpackItem(item, dictionary)).toEqual(texts);
      expect(unpackItem(item, dictionary, [0, 7, 59])).toEqual([texts[0], texts[7], texts[59]]);
    }
  });

  it("are smaller with a dictionary", () => {
    const dictionary = makeDictionary(1, texts);

    expect(packItem(texts.slice(0, 3), dictionary).length).toBeLessThan(
      packItem(texts.slice(0, 3), undefined).length / 1.5,
    );
  });

  it("hold 64 records, or fewer where they are large, and a single large one alone", () => {
    expect(itemEnds(Array.from({ length: 130 }, () => 100))).toEqual([64, 128, 130]);
    expect(itemEnds([100_000, 100_000, 100_000, 1_000_000, 10])).toEqual([2, 3, 4, 5]);
    expect(itemEnds([])).toEqual([]);
  });

  it("a dictionary has room for one of each kind of record first, and for no more than 32 KB", () => {
    const large = Array.from({ length: 100 }, (_, index) =>
      Buffer.from(
        JSON.stringify({ eventName: index === 99 ? "Rare" : "Common", filler: String(index).repeat(900) }),
      ),
    );

    const { content } = makeDictionary(1, large);

    expect(content.length).toBe(32 * 1024);
    expect(content.toString()).toContain("Rare");
    expect([0, 7, 8, 127, 128, 5_000].map(dictionaryVersionFor)).toEqual([0, 0, 1, 1, 2, 3]);
  });
});
