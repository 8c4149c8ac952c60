import { parseArgs } from "node:util";
import { demandOf, usages } from "./demand.ts";
import { QUOTAS } from "./quotas.ts";

/*
 * What a load takes of the stack, computed as docs/capacity.md has it:
 *
 *   npm run capacity -- --rate 20000 --records-per-block 100 --memory 512
 */
const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "1000" },
    "records-per-block": { type: "string", default: "100" },
    memory: { type: "string", default: "512" },
  },
});
const load = {
  rate: Number(values.rate),
  recordsPerBlock: Number(values["records-per-block"]),
  memoryMb: Number(values.memory),
};
if (!(load.rate > 0 && load.recordsPerBlock >= 1 && load.memoryMb > 0))
  throw new Error("A load is --rate above 0 and --records-per-block from 1, and --memory");

const demand = demandOf(load);
console.log(
  `${load.rate} events/s in blocks of ${load.recordsPerBlock}, computed from docs/performance.md\n`,
);
console.table(
  Object.entries(demand.copies).map(([stage, copies]) => ({
    function: `deliver-${stage}`,
    "copies at work": Number(copies.toFixed(2)),
    "seconds a full batch": Number(demand.batchSeconds[stage as keyof typeof demand.copies].toFixed(1)),
  })),
);
console.table(
  usages(demand).map(({ quota, part }) => ({
    quota: QUOTAS[quota].name,
    used: Number(demand.used[quota].toPrecision(3)),
    of: QUOTAS[quota].limit,
    "%": Number((part * 100).toPrecision(3)),
  })),
);
