import { type Demand, demandOf, type Load, usages } from "./demand.ts";
import type { Stage } from "./measured.ts";
import { QUOTAS } from "./quotas.ts";
import { SETTINGS } from "./settings.ts";

/** The orders of magnitude, with blocks of a hundred records and with blocks of one. */
export const LOADS: readonly Load[] = [100, 1].flatMap((recordsPerBlock) =>
  [10, 100, 1_000, 10_000, 100_000, 1_000_000].map((rate) => ({ rate, recordsPerBlock })),
);

/** docs/capacity.md: how many copies of the functions a load keeps at work. */
export function copiesTable(): string {
  const rows = LOADS.map((load) => {
    const { copies, importingCopies, used } = demandOf(load);
    const counts = [
      importingCopies,
      copies["log-files"],
      copies["log-groups"],
      copies["event-bus"],
      copies.history,
    ];
    return [...labels(load), ...counts.map(copiesText), copiesText(used.lambdaConcurrency)];
  });
  return table(
    [
      "events a second",
      "records a block",
      "ingest-log-files",
      "deliver-log-files",
      "deliver-log-groups",
      "deliver-event-bus",
      "deliver-history",
      "together",
    ],
    rows,
  );
}

/** docs/capacity.md: which quota a load meets first, which it is over, and which parameters are too small for it. */
export function quotasTable(): string {
  const rows = LOADS.map((load) => {
    const demand = demandOf(load);
    const [first, ...others] = usages(demand).map(({ quota, part }) => ({
      quota,
      part,
      text: usageText(quota, part),
    }));
    const over = others.filter(({ part }) => part > 1).map(({ text }) => text);
    return [
      ...labels(load),
      whole(Math.ceil(demand.blocksPerSecond)),
      first?.text ?? "",
      over.join("; "),
      tooSmall(demand).join(", "),
    ];
  });
  return table(
    [
      "events a second",
      "records a block",
      "blocks a second",
      "met first",
      "over as well",
      "parameters below it",
    ],
    rows,
  );
}

/** docs/capacity.md: the quotas that are computed with. */
export function quotaList(): string {
  const rows = Object.values(QUOTAS).map(({ name, limit, raise, page }) => [
    `[${name}](${page})`,
    whole(limit),
    raise,
  ]);
  return table(["quota", "default", "to have more"], rows);
}

/** Parameters that bound a function to fewer copies than a load keeps at work, with that number. */
function tooSmall({ copies }: Demand): readonly string[] {
  return (Object.keys(SETTINGS) as Stage[])
    .filter((stage) => copies[stage] > SETTINGS[stage].concurrency)
    .map((stage) => `\`${SETTINGS[stage].concurrencyParameter}\` ${whole(Math.ceil(copies[stage]))}`);
}

function usageText(quota: keyof typeof QUOTAS, part: number): string {
  return `${QUOTAS[quota].name}: ${percent(part)}`;
}

function labels({ rate, recordsPerBlock }: Load): readonly string[] {
  return [whole(rate), whole(recordsPerBlock)];
}

function copiesText(count: number): string {
  if (count === 0) return "–";
  return count < 10 ? count.toPrecision(2) : whole(Math.ceil(count));
}

function percent(part: number): string {
  if (part >= 10) return `${whole(Math.round(part))} times`;
  return part < 0.1 ? `${(part * 100).toPrecision(2)} %` : `${whole(Math.round(part * 100))} %`;
}

function whole(value: number): string {
  return value.toLocaleString("en-US");
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
