import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalLogGroups } from "../../../../shared/adapters/local/log-groups.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import { LogGroupNotFound } from "../../../../shared/ports/log-groups.ts";
import type { LogEventsQuery, LogPosition } from "../../../../shared/ports/log-store.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const NOW = Date.UTC(2026, 0, 1);
const GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:trail-events";
const STREAM = "111122223333_CloudTrail_us-east-1";
const START: LogPosition = { timestamp: 0, sequence: 0 };
const END: LogPosition = { timestamp: Number.MAX_SAFE_INTEGER, sequence: 0 };

describe("local log groups", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let clock: MemoryClock;
  let logs: LocalLogGroups;

  const messages = async (query: Partial<LogEventsQuery> = {}) => {
    const events = await logs.logEvents(GROUP, STREAM, {
      after: START,
      before: END,
      from: "head",
      limit: 100,
      ...query,
    });
    return events.map(({ message }) => message);
  };
  const put = (...events: readonly (readonly [age: number, message: string])[]) =>
    logs.putLogEvents(
      GROUP,
      STREAM,
      events.map(([age, message]) => ({ timestamp: NOW - age, message })),
    );

  beforeEach(async () => {
    folder = temporaryFolder();
    clock = new MemoryClock(NOW);
    logs = new LocalLogGroups(folder.path, clock);
    await logs.createLogGroup(GROUP);
  });

  afterEach(() => {
    logs.close();
    folder.remove();
  });

  it("groups, streams and events are there after a restart", async () => {
    await put([2, "a"], [1, "b"]);

    logs.close();
    logs = new LocalLogGroups(folder.path, clock);

    expect(await logs.logGroups()).toEqual([{ arn: GROUP, creationTime: NOW, storedBytes: 2 }]);
    expect(await messages()).toEqual(["a", "b"]);
  });

  it("events are in the order of their times and, where these are the same, of their arrival", async () => {
    await put([5, "later"], [1, "last"]);
    await put([9, "first"], [5, "later still"]);

    expect(await messages()).toEqual(["first", "later", "later still", "last"]);
    expect(await messages({ from: "tail", limit: 3 })).toEqual(["last", "later still", "later"]);
  });

  it("pages from either end meet without an event twice or left out", async () => {
    await put([3, "a"], [3, "b"], [2, "c"], [2, "d"], [1, "e"]);
    const [, second] = await logs.logEvents(GROUP, STREAM, {
      after: START,
      before: END,
      from: "head",
      limit: 2,
    });

    const rest = await messages({ after: second ?? START });
    const back = await messages({ before: second ?? END, from: "tail" });

    expect(rest).toEqual(["c", "d", "e"]);
    expect(back).toEqual(["a"]);
  });

  it("a stream tells the times of its first and last event and of the last arrival", async () => {
    await logs.createLogStream(GROUP, "empty");
    await put([5, "a"], [3, "b"]);
    clock.advance(1_000);
    await put([9, "c"]);

    expect(await logs.logStreams(GROUP)).toEqual([
      {
        name: STREAM,
        creationTime: NOW,
        firstEventTimestamp: NOW - 9,
        lastEventTimestamp: NOW - 3,
        lastIngestionTime: NOW + 1_000,
      },
      { name: "empty", creationTime: NOW },
    ]);
  });

  it("a stream that is not there has no events", async () => {
    expect(await messages()).toEqual([]);
  });

  it("what is there already is not made again", async () => {
    await put([1, "a"]);

    expect(await logs.createLogGroup(`${GROUP}:*`)).toBe(false);
    expect(await logs.createLogStream(GROUP, STREAM)).toBe(false);
    expect(await messages()).toEqual(["a"]);
  });

  it("a deleted group takes its streams and events with it", async () => {
    await put([1, "a"]);
    await logs.deleteLogGroup(GROUP);

    expect(await logs.logGroups()).toEqual([]);
    await expect(messages()).rejects.toBeInstanceOf(LogGroupNotFound);
    await expect(logs.deleteLogGroup(GROUP)).rejects.toBeInstanceOf(LogGroupNotFound);
    await logs.createLogGroup(GROUP);
    expect(await messages()).toEqual([]);
  });

  it("events older than the group's retention are refused, hidden, and deleted when it is time", async () => {
    const day = 24 * 60 * 60 * 1000;
    await put([4 * day, "older"], [2 * day, "old"], [1, "new"]);
    await logs.setRetention(`${GROUP}:*`, 3);

    const rejected = await put([5 * day, "refused"], [2 * day, "old too"]);
    const hidden = await messages();
    const deleted = [await logs.expireEvents(), await logs.expireEvents()];
    clock.advance(2 * day);
    const later = await messages();
    const deletedLater = await logs.expireEvents();
    await logs.setRetention(GROUP, undefined);

    expect(rejected).toEqual({ tooOld: 0, tooNew: 0, expired: 1 });
    expect(hidden).toEqual(["old", "old too", "new"]);
    expect(deleted).toEqual([1, 0]);
    expect(later).toEqual(["new"]);
    expect(deletedLater).toBe(2);
    expect(await messages()).toEqual(["new"]);
    expect(await logs.logGroups()).toEqual([{ arn: GROUP, creationTime: NOW, storedBytes: 3 }]);
  });

  it("more events than are deleted at once all go", async () => {
    const old = Array.from({ length: 1_200 }, (_, index) => [2 * 24 * 60 * 60 * 1000, `${index}`] as const);
    await put(...old);
    await logs.setRetention(GROUP, 1);

    expect(await logs.expireEvents()).toBe(1_200);
    expect((await logs.logGroups())[0]?.storedBytes).toBe(0);
  });

  it("a call whose events are all refused leaves the stream empty", async () => {
    const rejected = await put([15 * 24 * 60 * 60 * 1000, "old"]);

    expect(rejected).toEqual({ tooOld: 1, tooNew: 0, expired: 0 });
    expect(await logs.logStreams(GROUP)).toEqual([{ name: STREAM, creationTime: NOW }]);
  });
});
