import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Database } from "../shared/adapters/local/database.ts";
import { LocalOrderedStore, ORDERED_STORE_SCHEMA } from "../shared/adapters/local/ordered-store.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { tuneHeapForBuffers } from "../shared/compose/heap-settings.ts";
import type { JsonObject } from "../shared/event/json.ts";
import { ATTRIBUTE_NAMES, type AttributeName, attributeValues } from "../shared/history/event-attributes.ts";
import { History } from "../shared/history/history.ts";
import { incomingRecord } from "../shared/history/incoming-record.ts";
import type { HistoryQuery } from "../shared/history/query.ts";
import type { Partition } from "../shared/history/spaces.ts";
import { historyTemplates, type MadeEvent, makeEvent } from "./history-events.ts";
import { percentile, type Row, report } from "./measure.ts";

/*
 * The event history over SQLite: what a record costs to index, in CPU seconds of all threads and in bytes on disk;
 * how long the first page of a lookup takes on a warm cache, by attribute and window, at rest and while records
 * come in.
 *
 *   node --max-semi-space-size=16 bench/history.ts --events 1000000 --lookups 200 --rate 10000 --seconds 20
 *
 * Events are copies of the source's records with ids, times, keys and addresses of their own, spread over 90 days in
 * the order of their times, 1 % of them up to 14 days late.
 */
const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    lookups: { type: "string", default: "200" },
    rate: { type: "string", default: "10000" },
    seconds: { type: "string", default: "20" },
  },
});
const count = Number(values.events);
const lookups = Number(values.lookups);
const rate = Number(values.rate);
const seconds = Number(values.seconds);

const DAY = 86_400_000;
const RECORDS_A_BATCH = 5_000;
const PARTITION: Partition = { accountId: "111122223333", region: "us-east-1", category: "management" };

tuneHeapForBuffers();
const templates = historyTemplates();
const folder = mkdtempSync(path.join(tmpdir(), "opentrail-bench-"));
const file = path.join(folder, "history.db");
const database = new Database(file, ORDERED_STORE_SCHEMA);
const history = new History(new LocalOrderedStore(database), systemClock, {
  retention: Number.POSITIVE_INFINITY,
  isExclusive: true,
});
const end = Date.now();
const samples: MadeEvent[] = [];
let bytes = 0;

const rows: Row[] = [];
try {
  await index();
  const queries = makeQueries();
  await measure(queries, "warm-up", Math.min(lookups, 20));
  rows.push(...(await measure(queries, "at rest", lookups)));
  rows.push(...(await measureUnderIngest(queries)));
  report(`history-${count}`, rows);
} finally {
  database.close();
  rmSync(folder, { recursive: true });
}

async function index(): Promise<void> {
  let parse = 0;
  let append = 0;
  let maintain = 0;
  for (let first = 0; first < count; first += RECORDS_A_BATCH) {
    const size = Math.min(RECORDS_A_BATCH, count - first);
    const batch = makeBatch(first, size);
    const before = cpu();
    const incoming = batch.map(({ text, eventTime }) => incomingRecord(text, eventTime));
    const parsed = cpu();
    await history.append(PARTITION, incoming, timeOf(first + size));
    const appended = cpu();
    await history.maintain();
    parse += parsed - before;
    append += appended - parsed;
    maintain += cpu() - appended;
    if ((first / RECORDS_A_BATCH) % 100 === 99) {
      const done = first + size;
      console.log(`${done} events: ${Math.round(done / (parse + append + maintain))} a CPU second`);
    }
  }
  database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get();
  const stored = statSync(file).size + (existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0);
  const micros = (spent: number): string => ((spent / count) * 1e6).toFixed(1);
  rows.push(
    {
      what: "records a CPU second",
      figure: Math.round(count / (parse + append + maintain)),
      bar: "40000 (80000)",
    },
    { what: "µs a record: parse and hash", figure: micros(parse), bar: "" },
    { what: "µs a record: append", figure: micros(append), bar: "" },
    { what: "µs a record: merge", figure: micros(maintain), bar: "" },
    { what: "bytes a record", figure: Math.round(bytes / count), bar: "" },
    { what: "bytes a record on disk", figure: Math.round(stored / count), bar: "400 (220)" },
  );
  console.table(rows);
}

function makeBatch(first: number, size: number): readonly MadeEvent[] {
  return Array.from({ length: size }, (_, index) => {
    const late = Math.random() < 0.01 ? Math.random() * 14 * DAY : 0;
    const template = templates[(first + index) % templates.length] as readonly string[];
    const event = makeEvent(template, Math.floor((timeOf(first + index) - late) / 1000) * 1000);
    bytes += event.text.length;
    if (Math.random() < 2_000 / count) {
      samples.push(event);
    }
    return event;
  });
}

function timeOf(index: number): number {
  return end - 90 * DAY + (index / count) * 90 * DAY;
}

interface NamedQuery {
  readonly name: string;
  readonly next: () => HistoryQuery;
}

/** Each attribute with values of events, over a day and over 90; values that never occur; no attribute at all. */
function makeQueries(): readonly NamedQuery[] {
  const known = new Map<AttributeName, readonly string[]>(
    ATTRIBUTE_NAMES.map((name) => [
      name,
      samples.flatMap(({ text }) => attributeValues(JSON.parse(text.toString()) as JsonObject, name)),
    ]),
  );
  const windows = [
    { name: "1 day", window: aDay },
    { name: "90 days", window: () => ({ startTime: end - 90 * DAY, endTime: end }) },
  ];
  return windows.flatMap(({ name: span, window }) => [
    { name: `(none), ${span}`, next: () => ({ conditions: [], ...window() }) },
    ...ATTRIBUTE_NAMES.map((attribute) => ({
      name: `${attribute}, ${span}`,
      next: () => ({
        conditions: [{ attribute, values: [pick(known.get(attribute) ?? [])] }],
        ...window(),
      }),
    })),
    {
      name: `absent, ${span}`,
      next: () => ({
        conditions: [{ attribute: "Username" as const, values: [`nobody-${Math.random()}`] }],
        ...window(),
      }),
    },
  ]);
}

function aDay(): { startTime: number; endTime: number } {
  const startTime = end - 90 * DAY + Math.random() * 89 * DAY;
  return { startTime, endTime: startTime + DAY };
}

function pick<T>(list: readonly T[]): T {
  return list[Math.floor(Math.random() * list.length)] as T;
}

async function measure(queries: readonly NamedQuery[], when: string, times: number): Promise<readonly Row[]> {
  const figures: Row[] = [];
  for (const { name, next } of queries) {
    const took: Took[] = [];
    for (let time = 0; time < times; time += 1) {
      took.push(await timed(next()));
    }
    figures.push({ what: `${when}: ${name}`, figure: summary(took), bar: "p99 20 ms" });
  }
  return figures;
}

/** What a lookup took, in ms: by the clock, and of this thread's CPU time, which other processes do not lengthen. */
interface Took {
  readonly wall: number;
  readonly cpu: number;
}

async function timed(query: HistoryQuery): Promise<Took> {
  const cpuBefore = process.threadCpuUsage();
  const before = performance.now();
  await history.find([PARTITION], query, { limit: 50 });
  const { user, system } = process.threadCpuUsage(cpuBefore);
  return { wall: performance.now() - before, cpu: (user + system) / 1000 };
}

function summary(took: readonly Took[]): string {
  const figures = (pick: (one: Took) => number): string =>
    [0.5, 0.99].map((share) => percentile(took.map(pick), share).toFixed(1)).join(" / ");
  return `p50 / p99: ${figures(({ wall }) => wall)} ms, CPU ${figures(({ cpu: spent }) => spent)} ms`;
}

/** Lookups of all kinds one after another, while records come in at a steady rate, as the embedded host takes them. */
async function measureUnderIngest(queries: readonly NamedQuery[]): Promise<readonly Row[]> {
  const took: Took[] = [];
  const batch = Math.round(rate / 4);
  let isOver = false;
  let ingested = 0;
  const started = performance.now();
  const ingest = (async () => {
    while (!isOver) {
      const events = makeBatch(count - batch, batch);
      const now = Date.now();
      const incoming = [];
      for (const [at, { text }] of events.entries()) {
        incoming.push(incomingRecord(text, now));
        if (at % 64 === 63) {
          await sleep(0);
        }
      }
      await history.append(PARTITION, incoming, now);
      await history.maintain();
      ingested += batch;
      await sleep(Math.max(0, (ingested / rate) * 1000 - (performance.now() - started)));
    }
  })();
  while (performance.now() - started < seconds * 1000) {
    for (const { next } of queries) {
      took.push(await timed(next()));
      await sleep(5);
    }
  }
  isOver = true;
  const reached = Math.round((ingested / (performance.now() - started)) * 1000);
  await ingest;
  return [
    {
      what: `while ${reached} records/s come in`,
      figure: summary(took),
      bar: "p99 25 ms",
    },
  ];
}

/** CPU seconds of all threads so far. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
