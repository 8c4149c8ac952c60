import { Command, InvalidArgumentError, Option } from "commander";
import { formatTable } from "../cli/format.ts";
import { wholeNumber } from "../cli/options.ts";
import { fixedCost } from "./fixed-cost.ts";
import { DEFAULT_LOAD, type Load, recordsPerBlock, SOURCES, type Source } from "./load.ts";
import { marginalCost } from "./marginal-cost.ts";
import { readMeasuredUsage } from "./measured-usage.ts";
import { PRICES_OF } from "./prices.ts";
import { STACK_INVENTORY } from "./stack-inventory.ts";

/*
 * `npm run cost -- --events 10M --regions 4`: what OpenTrail costs on AWS, for each source, from calls that were
 * counted and prices that are published.
 */
interface CostOptions extends Omit<Load, "source"> {
  readonly source?: Source;
}

const SUFFIXES: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** Reads a count such as 250k, 10M or 1.5G. */
function count(text: string): number {
  const [, digits = "", suffix = ""] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
  const value = Number(digits) * (SUFFIXES[suffix] ?? Number.NaN);
  if (digits === "" || !(value > 0))
    throw new InvalidArgumentError("A count is needed, such as 250k, 10M or 1.5G.");
  return value;
}

const many = wholeNumber(1, 100_000);

new Command("cost")
  .description("what a month of OpenTrail costs on AWS")
  .option("--events <count>", "management events a month", count, DEFAULT_LOAD.events)
  .option("--regions <number>", "regions that they come from", many, DEFAULT_LOAD.regions)
  .option("--accounts <number>", "accounts that they come from", many, DEFAULT_LOAD.accounts)
  .option("--trails <number>", "trails that take each of them", many, DEFAULT_LOAD.trails)
  .addOption(new Option("--source <name>", "one source alone").choices(SOURCES))
  .option(
    "--records-per-call <number>",
    "what an application sends at once",
    many,
    DEFAULT_LOAD.recordsPerCall,
  )
  .option(
    "--window-seconds <number>",
    "how long events of the default bus are gathered",
    many,
    DEFAULT_LOAD.windowSeconds,
  )
  .option(
    "--pollers <number>",
    "how many of Lambda's pollers share a queue's messages",
    many,
    DEFAULT_LOAD.pollers,
  )
  .option("--record-bytes <number>", "bytes of a record", many, DEFAULT_LOAD.recordBytes)
  .option("--log-group", "the trails forward to a log group", DEFAULT_LOAD.logGroup)
  .action((options: CostOptions) => print(options))
  .parse();

function print({ source, ...options }: CostOptions): void {
  const measured = readMeasuredUsage();
  const loads = (source ? [source] : SOURCES).map((each): Load => ({ ...options, source: each }));
  for (const load of loads) {
    const { stages, apart, total } = marginalCost(load, measured);
    console.log(`\nA million events more, source ${load.source}, ${formatRecords(load)} records a block`);
    console.log(
      formatTable(
        ["stage", "dollars"],
        [
          ...rowsOf(stages),
          ["sum", dollars(total)],
          ...rowsOf(apart).map(([stage, price]) => [`apart: ${stage}`, price ?? ""]),
        ],
        [1],
      ),
    );
    console.log(
      `${dollars((total * options.events) / 1e6)} for ${options.events.toLocaleString("en-US")} events a month`,
    );
  }
  const fixed = fixedCost({ ...options, source: DEFAULT_LOAD.source }, measured, STACK_INVENTORY);
  const sum = Object.values(fixed).reduce((all, each) => all + each, 0);
  console.log("\nA month without an event");
  console.log(formatTable(["what", "dollars"], [...rowsOf(fixed), ["sum", dollars(sum)]], [1]));
  console.log(
    `Prices of ${PRICES_OF.region} as of ${PRICES_OF.on}, without free tiers; calls as counted on ${measured.emulator}, ${measured.measuredOn}.`,
  );
}

function rowsOf(costs: Readonly<Record<string, number>>): (readonly string[])[] {
  return Object.entries(costs).map(([name, value]) => [name, dollars(value)]);
}

function dollars(value: number): string {
  return value.toFixed(value < 1 ? 4 : 2);
}

function formatRecords(load: Load): string {
  return Math.round(recordsPerBlock(load)).toLocaleString("en-US");
}
