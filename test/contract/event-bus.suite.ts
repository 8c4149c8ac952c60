import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventBus, EventEntry } from "../../shared/ports/event-bus.ts";

/** What a target gets of an event, as far as the contract goes. */
export interface ReceivedEvent {
  readonly source: string;
  readonly detailType: string;
  /** Parsed. */
  readonly detail: unknown;
}

/** A bus with one rule, which matches every event whose source starts with `opentrail.`. */
export interface EventBusFixture {
  readonly bus: EventBus;
  /** What the rule's target was given, in any order. @param count how many to wait for */
  received(count: number): Promise<readonly ReceivedEvent[]>;
  close(): Promise<void>;
}

/** What every EventBus does. */
export function describeEventBusContract(name: string, make: () => Promise<EventBusFixture>): void {
  describe(`event bus: ${name}`, () => {
    let fixture: EventBusFixture;

    beforeEach(async () => {
      fixture = await make();
    });

    afterEach(() => fixture.close());

    it("an entry that was taken reaches the rule's target as it is", async () => {
      const taken = entry("StopLogging");

      const failures = await fixture.bus.putEvents([taken]);

      expect(failures).toEqual([undefined]);
      expect(await fixture.received(1)).toEqual([
        { source: taken.source, detailType: taken.detailType, detail: JSON.parse(taken.detail) },
      ]);
    });

    it("a full call of ten entries is answered entry by entry", async () => {
      const names = Array.from({ length: 10 }, (_, index) => `Call${index}`);

      const failures = await fixture.bus.putEvents(names.map(entry));

      expect(failures).toEqual(names.map(() => undefined));
      const received = await fixture.received(10);
      expect(received.map(({ detail }) => (detail as { eventName: string }).eventName).sort()).toEqual(names);
    });
  });
}

function entry(eventName: string): EventEntry {
  return {
    source: "opentrail.cloudtrail",
    detailType: "AWS API Call via CloudTrail",
    detail: JSON.stringify({ eventName, eventSource: "cloudtrail.amazonaws.com", text: "ünïcode \u{1f512}" }),
    time: Date.UTC(2026, 0, 1),
    accountId: "123456789012",
    region: "us-east-1",
  };
}
