import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Gathering } from "../../../../shared/adapters/local/gathering.ts";

let groups: (readonly string[])[];

beforeEach(() => {
  groups = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "clearImmediate"] });
});

afterEach(() => vi.useRealTimers());

function gathering(fullBytes?: number): Gathering<string> {
  return new Gathering((group) => groups.push(group), fullBytes);
}

/** One that has just committed a group of two. */
function afterPair(fullBytes?: number): Gathering<string> {
  const pair = gathering(fullBytes);
  pair.add("a");
  pair.add("b");
  vi.advanceTimersByTime(0);
  return pair;
}

describe("a gathering", () => {
  it("commits what comes in one turn of the event loop together, in its order, and nothing before", () => {
    const turn = gathering();
    turn.add("a");
    turn.add("b");
    turn.add("c");
    const atOnce = [...groups];

    vi.advanceTimersByTime(0);

    expect([atOnce, groups]).toEqual([[], [["a", "b", "c"]]]);
  });

  it("has the next group wait until it is as large as the last one", () => {
    const waiting = afterPair();
    waiting.add("c");
    vi.advanceTimersByTime(1);
    const before = groups.length;

    waiting.add("d");
    vi.advanceTimersByTime(0);

    expect([before, groups]).toEqual([
      1,
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ]);
  });

  it("waits two milliseconds at most, and no longer for a group after one that had to", () => {
    const waiting = afterPair();
    waiting.add("c");
    vi.advanceTimersByTime(2);
    waiting.add("d");
    vi.advanceTimersByTime(0);

    expect(groups).toEqual([["a", "b"], ["c"], ["d"]]);
  });

  it("does not wait with a group that is full by its bytes, which are counted anew for each group", () => {
    const waiting = afterPair(100);
    waiting.add("c", 100);
    vi.advanceTimersByTime(0);
    waiting.add("d", 99);
    waiting.add("e");
    vi.advanceTimersByTime(0);
    waiting.add("f", 99);
    vi.advanceTimersByTime(0);

    expect(groups).toEqual([["a", "b"], ["c"], ["d", "e"]]);
  });

  it("commits each item once, whichever of its timers is first", () => {
    const waiting = afterPair();
    waiting.add("c");
    waiting.add("d");

    vi.advanceTimersByTime(10);

    expect(groups.flat()).toEqual(["a", "b", "c", "d"]);
  });
});
