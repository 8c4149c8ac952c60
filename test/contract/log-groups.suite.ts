import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogGroupNotFound, type LogGroups } from "../../shared/ports/log-groups.ts";

/** A store with one empty log group. */
export interface LogGroupsFixture {
  readonly logGroups: LogGroups;
  /** The group's ARN, without `:*`. */
  readonly group: string;
  /** Milliseconds since the epoch, as the store has it. */
  readonly now: number;
  /** The messages of a stream, in the order in which the store answers them. */
  read(stream: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What a store promises beyond what every one does. */
export interface LogGroupsTraits {
  /** Refuses what CloudWatch Logs refuses: events older than 14 days or more than two hours ahead. */
  readonly refuses: boolean;
}

/** What every LogGroups does. */
export function describeLogGroupsContract(
  name: string,
  traits: LogGroupsTraits,
  make: () => Promise<LogGroupsFixture>,
): void {
  describe(`log groups: ${name}`, () => {
    let fixture: LogGroupsFixture;
    let logGroups: LogGroups;
    let group: string;

    beforeEach(async () => {
      fixture = await make();
      ({ logGroups, group } = fixture);
    });

    afterEach(() => fixture.close());

    const event = (message: string, age = 0) => ({ timestamp: fixture.now - age, message });

    it("events reach a stream that was not there", async () => {
      const rejected = await logGroups.putLogEvents(group, STREAM, [event("a", 2), event("b", 1)]);

      expect(rejected).toEqual({ tooOld: 0, tooNew: 0, expired: 0 });
      expect(await fixture.read(STREAM)).toEqual(["a", "b"]);
    });

    it("events are added to those of a stream that is there", async () => {
      await logGroups.putLogEvents(group, STREAM, [event("a", 2)]);
      await logGroups.putLogEvents(group, STREAM, [event("b", 1)]);

      expect(await fixture.read(STREAM)).toEqual(["a", "b"]);
    });

    it("a group is named by its name, its ARN, or its ARN as a trail has it", async () => {
      const names = [group.split(":").at(-1) ?? "", group, `${group}:*`];
      for (const [index, name] of names.entries()) {
        await logGroups.putLogEvents(name, STREAM, [event(`${index}`, 10 - index)]);
      }

      expect(await fixture.read(STREAM)).toEqual(["0", "1", "2"]);
      for (const name of names) {
        expect(await logGroups.groupExists(name)).toBe(true);
      }
    });

    it("a message is kept as it is", async () => {
      const message = JSON.stringify({ text: 'ünïcode \u{1f512}\n\t"quoted"', number: 1.0 });

      await logGroups.putLogEvents(group, STREAM, [event(message)]);

      expect(await fixture.read(STREAM)).toEqual([message]);
    });

    it("streams are apart", async () => {
      await Promise.all([
        logGroups.putLogEvents(group, STREAM, [event("a")]),
        logGroups.putLogEvents(group, `${STREAM}_2`, [event("b")]),
      ]);

      expect(await fixture.read(STREAM)).toEqual(["a"]);
    });

    it("a group that is not there takes nothing and says so", async () => {
      const missing = `${group}-not-there`;

      await expect(logGroups.putLogEvents(missing, STREAM, [event("a")])).rejects.toBeInstanceOf(
        LogGroupNotFound,
      );
      expect(await logGroups.groupExists(missing)).toBe(false);
    });

    it.runIf(traits.refuses)("events that are too old or too new are counted and left out", async () => {
      const events = [
        event("fifteen days", 15 * DAY),
        event("just over 14 days", 14 * DAY + MINUTE),
        event("just under 14 days", 14 * DAY - MINUTE),
      ];
      const newer = [
        event("just under two hours ahead", -2 * HOUR + MINUTE),
        event("just over two hours ahead", -2 * HOUR - MINUTE),
      ];

      const older = await logGroups.putLogEvents(group, STREAM, events);
      const ahead = await logGroups.putLogEvents(group, STREAM, newer);

      expect([older, ahead]).toEqual([
        { tooOld: 2, tooNew: 0, expired: 0 },
        { tooOld: 0, tooNew: 1, expired: 0 },
      ]);
      expect(await fixture.read(STREAM)).toEqual(["just under 14 days", "just under two hours ahead"]);
    });

    it("a full call of 10,000 events is taken whole", async () => {
      const events = Array.from({ length: 10_000 }, (_, index) => event(`${index}`, 10_000 - index));

      await logGroups.putLogEvents(group, STREAM, events);

      expect(await fixture.read(STREAM)).toEqual(events.map(({ message }) => message));
    });
  });
}

const STREAM = "111122223333_CloudTrail_us-east-1";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
