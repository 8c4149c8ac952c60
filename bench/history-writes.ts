import { parseArgs } from "node:util";
import { dynamoOrderedStore } from "../shared/adapters/aws/ordered-store.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { History } from "../shared/history/history.ts";
import { incomingRecord } from "../shared/history/incoming-record.ts";
import type { Partition } from "../shared/history/spaces.ts";
import { fakeDynamo } from "../test/support/fake-dynamo.ts";
import { historyTemplates, makeEvent } from "./history-events.ts";
import { type Row, report } from "./measure.ts";

/*
 * What the event history's writes and lookups would be charged on DynamoDB: units counted from the calls that the
 * adapter makes, by the sizes of their items.
 *
 *   node bench/history-writes.ts --events 1000000
 */
const { values } = parseArgs({ options: { events: { type: "string", default: "1000000" } } });
const count = Number(values.events);

/** US East, on demand, since November 2024. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
const DOLLARS_A_MILLION_WRITES = 0.625;
const DOLLARS_A_MILLION_READS = 0.125;

const PARTITION: Partition = { accountId: "111122223333", region: "us-east-1", category: "management" };
const DAY = 86_400_000;

/** Records of one delivery: blocks of a hundred, a few of them gathered by the queue's batch window; or of one alone. */
const rows: Row[] = [];
for (const size of [100, 500, 2_000]) {
  rows.push(...(await measure(size)));
}
report(`history-writes-${count}`, rows);

async function measure(size: number): Promise<readonly Row[]> {
  const templates = historyTemplates();
  const { client, charged } = fakeDynamo();
  const history = new History(dynamoOrderedStore(client, systemClock, "history"), systemClock, {
    retention: 90 * DAY,
    isExclusive: false,
  });
  const start = Date.now() - 80 * DAY;
  let made = 0;
  while (made < count) {
    const batch = Array.from({ length: Math.min(size, count - made) }, () => {
      const late = Math.random() < 0.01 ? Math.random() * 9 * DAY : 0;
      const time = start + (made / count) * 80 * DAY - late;
      const { text, eventTime } = makeEvent(
        templates[made++ % templates.length] as readonly string[],
        Math.floor(time / 1000) * 1000,
      );
      return incomingRecord(text, eventTime);
    });
    await history.append(PARTITION, batch, start + (made / count) * 80 * DAY);
    await history.maintain();
  }
  const { writes, reads } = { ...charged };
  const lookups = 50;
  for (let lookup = 0; lookup < lookups; lookup += 1) {
    const conditions = [{ attribute: "Username" as const, values: [`nobody-${lookup}`] }];
    await history.find([PARTITION], { conditions }, { limit: 50 });
  }
  const absent = (charged.reads - reads) / lookups;
  await history.find([PARTITION], { conditions: [] }, { limit: 50 });
  const newest = charged.reads - reads - absent * lookups;
  const million = 1e6 / count;
  const dollars = (units: number, price: number): string =>
    `$${((units * million * price) / 1e6).toFixed(3)}`;
  const name = `${size} records a delivery`;
  return [
    { what: `${name}: write units a record`, figure: (writes / count).toFixed(3), bar: "0.236" },
    { what: `${name}: writes of a million`, figure: dollars(writes, DOLLARS_A_MILLION_WRITES), bar: "$0.30" },
    { what: `${name}: read units a record`, figure: (reads / count).toFixed(3), bar: "" },
    { what: `${name}: reads of a million`, figure: dollars(reads, DOLLARS_A_MILLION_READS), bar: "" },
    { what: `${name}: read units of a page, absent value`, figure: absent.toFixed(0), bar: "30" },
    { what: `${name}: read units of the newest page`, figure: newest.toFixed(0), bar: "" },
  ];
}
