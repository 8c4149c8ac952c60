import fc from "fast-check";
import { expect, it } from "vitest";
import { composeLogFile, logFileLength } from "../../../shared/delivery/compose.ts";
import { type Part, partsOfBlock } from "../../../shared/delivery/part.ts";
import { blockOf, trailNamed } from "./blocks.ts";

const trail = trailNamed("main");

function composed(parts: readonly Part[]): string {
  const content = Buffer.alloc(logFileLength(parts), "?");
  composeLogFile(parts, content);
  return content.toString();
}

interface Case {
  readonly values: readonly { readonly value: string; readonly region: number; readonly isWanted: boolean }[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  values: fc.array(
    fc.record({
      value: fc.string({ unit: "grapheme" }),
      region: fc.integer({ min: 0, max: 2 }),
      isWanted: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  ),
});

it("spliced files of a block's parts are what joining the wanted records' texts gives", () => {
  fc.assert(
    fc.property(cases, ({ values }) => {
      const records = values.map(({ value, region }) => ({
        text: JSON.stringify({ value }),
        awsRegion: `region-${region}`,
      }));
      const positions = values.flatMap(({ isWanted }, index) => (isWanted ? [index, 1] : []));

      const parts = partsOfBlock(blockOf(records, [{ destination: trail, positions }]));

      for (const part of parts) {
        const wanted = records.filter(
          ({ awsRegion }, index) => awsRegion === part.group.awsRegion && values[index]?.isWanted,
        );
        expect(composed([part])).toBe(`{"Records":[${wanted.map(({ text }) => text).join(",")}]}`);
        expect(part.records).toBe(wanted.length);
      }
      const all = JSON.parse(composed(parts));
      expect(all.Records).toHaveLength(positions.length / 2);
    }),
  );
});

it("records that are neighbours in their block are copied in one run", () => {
  const [part] = partsOfBlock(
    blockOf(
      [{ text: "{}" }, { text: "{}" }, { text: "{}" }],
      [{ destination: trail, positions: [0, 1, 1, 2] }],
    ),
  );

  expect(part?.runs).toEqual([0, 8]);
});
