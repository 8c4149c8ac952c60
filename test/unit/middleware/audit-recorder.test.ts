import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AuditRecorder } from "../../../middleware/audit-recorder.ts";
import { PutAuditEventsError, type SendAuditEvents } from "../../../middleware/put-audit-events.ts";
import { CALL, CHANNEL_ARN, takeAll, testRecorder } from "../../support/audit-events.ts";

const NEVER: SendAuditEvents = () => new Promise(() => undefined);

function refuse(code: string, status: number, retryAfterMs?: number): SendAuditEvents {
  return async () => {
    throw new PutAuditEventsError(code, "no", status, retryAfterMs);
  };
}

function totalDropped(recorder: AuditRecorder): number {
  return Object.values(recorder.counts.dropped).reduce((sum, count) => sum + count);
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("sending", () => {
  it("sends what waits after the interval, in one call, with checksums and ids that are unique", async () => {
    const { recorder, inputs } = testRecorder({ externalId: "ext" });
    for (let count = 0; count < 3; count += 1) recorder.record(CALL);

    await vi.advanceTimersByTimeAsync(999);
    const before = inputs.length;
    await vi.advanceTimersByTimeAsync(1);

    expect(before).toBe(0);
    expect(inputs).toMatchObject([{ channelArn: CHANNEL_ARN, externalId: "ext" }]);
    const events = inputs[0]?.auditEvents ?? [];
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    for (const { id, eventData, eventDataChecksum } of events) {
      expect(id).toMatch(/^[-_A-Za-z0-9]{1,128}$/);
      expect(JSON.parse(eventData)).toMatchObject({ UID: id, eventTime: "2026-01-02T03:04:05Z" });
      expect(eventDataChecksum).toBe(createHash("sha256").update(eventData).digest("base64"));
    }
    expect(recorder.counts).toMatchObject({ recorded: 3, sent: 3, pending: 0 });
  });

  it("sends at once when there are flushEvents", async () => {
    const { recorder, inputs } = testRecorder({ flushEvents: 3 });

    for (let count = 0; count < 3; count += 1) recorder.record(CALL);
    await vi.advanceTimersByTimeAsync(0);

    expect(inputs.map(({ auditEvents }) => auditEvents.length)).toEqual([3]);
  });

  it("puts no more than 100 events and 1 MB in a call", async () => {
    const { recorder, inputs } = testRecorder({
      flushIntervalMs: 60_000,
      maxParameterBytes: 100 * 1024,
      maxBufferedBytes: 100 * 1024 * 1024,
    });
    const large = { ...CALL, requestParameters: { text: '"\\\n'.repeat(20_000) } };
    for (let count = 0; count < 12; count += 1) recorder.record(large);
    for (let count = 0; count < 250; count += 1) recorder.record(CALL);

    await recorder.flush(1_000);

    const sizes = inputs.map(({ auditEvents }) => Buffer.byteLength(JSON.stringify({ auditEvents })));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000);
    expect(Math.max(...sizes)).toBeGreaterThan(700_000);
    expect(Math.max(...inputs.map(({ auditEvents }) => auditEvents.length))).toBe(100);
    expect(recorder.counts.sent).toBe(262);
  });

  it("has one call under way at a time", async () => {
    let running = 0;
    let most = 0;
    const { recorder } = testRecorder({ flushEvents: 1 }, async (input, init) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running -= 1;
      return takeAll(input, init);
    });

    for (let count = 0; count < 20; count += 1) {
      recorder.record(CALL);
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(1_000);

    expect(most).toBe(1);
    expect(recorder.counts.sent).toBe(20);
  });
});

describe("failures", () => {
  it("keeps events of a failed call and sends them again with the same ids, after longer and longer waits", async () => {
    const { recorder, inputs, errors } = testRecorder({}, refuse("ThrottlingException", 429));
    const times: number[] = [];
    recorder.record(CALL);

    for (let elapsed = 0; elapsed < 120_000; elapsed += 10) {
      const before = inputs.length;
      await vi.advanceTimersByTimeAsync(10);
      if (inputs.length > before) times.push(elapsed);
    }

    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits[0]).toBeLessThanOrEqual(110);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_010);
    expect(waits.length).toBeGreaterThan(8);
    expect(waits.length).toBeLessThan(20);
    expect(new Set(inputs.map(({ auditEvents }) => auditEvents[0]?.id)).size).toBe(1);
    expect(errors.length).toBe(inputs.length);
    expect(recorder.counts).toMatchObject({ recorded: 1, sent: 0, pending: 1 });
  });

  it("waits as long as the service asks", async () => {
    const { recorder, inputs } = testRecorder({}, refuse("ThrottlingException", 429, 5_000));
    recorder.record(CALL);
    await recorder.flush();

    await vi.advanceTimersByTimeAsync(4_999);
    const before = inputs.length;
    await vi.advanceTimersByTimeAsync(2);

    expect([before, inputs.length]).toEqual([1, 2]);
  });

  it("tries a connection that broke once more at once", async () => {
    let calls = 0;
    const { recorder } = testRecorder({}, async (input, init) => {
      calls += 1;
      if (calls === 1) throw new TypeError("fetch failed");
      return takeAll(input, init);
    });
    recorder.record(CALL);

    expect(await recorder.flush()).toBe(true);
    expect(calls).toBe(2);
  });

  it("gives up a call that is not answered, and sends its events again", async () => {
    let calls = 0;
    const { recorder, errors } = testRecorder({ requestTimeoutMs: 2_000 }, (input, init) => {
      calls += 1;
      return calls === 1 ? NEVER(input, init) : takeAll(input, init);
    });
    recorder.record(CALL);

    await vi.advanceTimersByTimeAsync(3_500);

    expect(String(errors[0])).toContain("not answered within 2000 ms");
    expect(recorder.counts).toMatchObject({ sent: 1, pending: 0 });
  });

  it("takes the answer of a call that was under way while the process was frozen", async () => {
    let answer = (): void => undefined;
    const { recorder, inputs } = testRecorder({ requestTimeoutMs: 2_000 }, async (input, init) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return takeAll(input, init);
    });
    recorder.record(CALL);
    const flushed = recorder.flush(250);
    await vi.advanceTimersByTimeAsync(250);

    expect(await flushed).toBe(false);
    vi.setSystemTime(Date.now() + 600_000);
    await vi.advanceTimersByTimeAsync(2_000);
    answer();
    await vi.advanceTimersByTimeAsync(0);

    expect(inputs.length).toBe(1);
    expect(recorder.counts).toMatchObject({ sent: 1, pending: 0 });
  });

  it("sends entries again that may pass, and drops those that never will", async () => {
    const codes: Record<number, string> = { 1: "Throttling", 2: "InvalidData", 3: "InternalFailure" };
    let first = true;
    const { recorder, dropped, inputs } = testRecorder({}, async (input, init) => {
      if (!first) return takeAll(input, init);
      first = false;
      const entries = input.auditEvents.map(({ id }, index) => ({ id, errorCode: codes[index] }));
      return {
        successful: entries.filter(({ errorCode }) => errorCode === undefined),
        failed: entries.filter(({ errorCode }) => errorCode !== undefined),
      };
    });
    for (let count = 0; count < 4; count += 1) recorder.record({ ...CALL, requestParameters: { count } });

    await vi.advanceTimersByTimeAsync(5_000);

    const again = inputs[1]?.auditEvents.map(
      ({ eventData }) => JSON.parse(eventData).requestParameters.count,
    );
    expect(again).toEqual([1, 3]);
    expect(dropped).toMatchObject([
      { reason: "rejected", count: 1, message: expect.stringMatching(/^InvalidData/) },
    ]);
    expect(JSON.parse(dropped[0]?.events[0] ?? "").requestParameters).toEqual({ count: 2 });
    expect(recorder.counts).toMatchObject({ recorded: 4, sent: 3, pending: 0 });
  });

  it.each([
    ["ValidationException", 400],
    ["UnknownError", 413],
  ])("finds out by halves which event %s is about, and drops that one alone", async (code, status) => {
    const { recorder, dropped } = testRecorder({}, async (input, init) => {
      const isBad = input.auditEvents.some(({ eventData }) => eventData.includes('"bad"'));
      return (isBad ? refuse(code, status) : takeAll)(input, init);
    });
    for (let count = 0; count < 60; count += 1) {
      recorder.record({ ...CALL, requestParameters: { is: count === 41 ? "bad" : "good" } });
    }

    await recorder.flush();

    expect(dropped).toMatchObject([{ reason: "rejected", count: 1 }]);
    expect(recorder.counts).toMatchObject({ recorded: 60, sent: 59, pending: 0 });
  });

  it("drops events that could not be sent for maxAgeMs", async () => {
    const { recorder, dropped } = testRecorder({ maxAgeMs: 60_000 }, refuse("ChannelNotFound", 404));
    recorder.record(CALL);

    await vi.advanceTimersByTimeAsync(59_000);
    const before = recorder.counts.pending;
    await vi.advanceTimersByTimeAsync(40_000);

    expect(before).toBe(1);
    expect(dropped).toMatchObject([{ reason: "expired", count: 1 }]);
    expect(recorder.counts.pending).toBe(0);
  });

  it("survives an answer that is none", async () => {
    const { recorder } = testRecorder({}, async () => JSON.parse('{"failed":[null]}'));
    recorder.record(CALL);

    await vi.advanceTimersByTimeAsync(10_000);

    expect(recorder.counts).toMatchObject({ sent: 0, pending: 1 });
  });
});

describe("bounds", () => {
  it("keeps maxBufferedEvents, and drops and hands over those that come then", async () => {
    const { recorder, dropped } = testRecorder({ maxBufferedEvents: 5 }, NEVER);

    for (let count = 0; count < 8; count += 1) recorder.record({ ...CALL, requestParameters: { count } });

    expect(recorder.counts).toMatchObject({ recorded: 8, pending: 5, dropped: { "buffer-full": 3 } });
    expect(dropped.map(({ events }) => JSON.parse(events[0] ?? "").requestParameters.count)).toEqual([
      5, 6, 7,
    ]);
  });

  it("keeps maxBufferedBytes, and has room again when events are sent", async () => {
    const { recorder } = testRecorder({ maxBufferedBytes: 5_000 });
    const record = () => {
      for (let count = 0; count < 20; count += 1) recorder.record(CALL);
    };

    record();
    const first = recorder.counts.pending;
    await recorder.flush();
    record();

    expect(first).toBeGreaterThan(5);
    expect(first).toBeLessThan(20);
    expect(recorder.counts).toMatchObject({ sent: first, pending: first });
  });

  it("waits for a flush no longer than it is told, and keeps what is not sent", async () => {
    const { recorder, inputs } = testRecorder({}, NEVER);
    recorder.record(CALL);
    const start = Date.now();

    const flushed = recorder.flush(250);
    await vi.advanceTimersByTimeAsync(250);

    expect(await flushed).toBe(false);
    expect(Date.now() - start).toBe(250);
    expect(inputs.length).toBe(1);
    expect(recorder.counts.pending).toBe(1);
  });

  it("does not wait at all while a call must not be made yet, or with a bound of 0", async () => {
    const { recorder, inputs } = testRecorder({ flushTimeoutMs: 0 }, refuse("Down", 503));
    recorder.record(CALL);

    await recorder.flush();
    const none = inputs.length;
    await recorder.flush(100);
    await recorder.flush(100);

    expect([none, inputs.length]).toEqual([0, 1]);
  });

  it("close sends what waits in spite of failures, and drops what comes later", async () => {
    let failures = 3;
    const { recorder, dropped } = testRecorder({}, (input, init) => {
      failures -= 1;
      return (failures >= 0 ? refuse("Down", 503) : takeAll)(input, init);
    });
    recorder.record(CALL);

    const closed = recorder.close();
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    recorder.record(CALL);

    expect(dropped).toMatchObject([{ reason: "closed", count: 1 }]);
    expect(recorder.counts).toMatchObject({ recorded: 2, sent: 1, pending: 0 });
  });

  it("close ends within its bound with a service that never answers, and drops what it has", async () => {
    const { recorder, dropped } = testRecorder({}, NEVER);
    for (let count = 0; count < 150; count += 1) recorder.record(CALL);

    const closed = recorder.close(2_000);
    await vi.advanceTimersByTimeAsync(2_000);
    await closed;

    expect(dropped.reduce((sum, { count }) => sum + count, 0)).toBe(150);
    expect(recorder.counts).toMatchObject({ pending: 0, dropped: { closed: 150 } });
  });
});

describe("what does not surface", () => {
  it("hooks that throw or reject", async () => {
    const { recorder } = testRecorder(
      {
        maxBufferedEvents: 1,
        onDropped: () => {
          throw new Error("hook");
        },
        onError: async () => {
          throw new Error("hook");
        },
      },
      refuse("Down", 503),
    );

    recorder.record(CALL);
    recorder.record(CALL);
    await recorder.flush();

    expect(recorder.counts).toMatchObject({ pending: 1, dropped: { "buffer-full": 1 } });
  });

  it.each([
    { ...CALL, eventName: "" },
    { ...CALL, eventTime: new Date(Number.NaN) },
    { eventName: "x" },
    { ...CALL, userIdentity: null },
    null,
  ])("a call that lacks what an event needs: %j", (call) => {
    const { recorder, dropped, errors } = testRecorder();

    recorder.record(call as unknown as typeof CALL);

    expect(dropped).toMatchObject([{ reason: "invalid", count: 1, events: [] }]);
    expect(errors).toEqual([expect.any(TypeError)]);
    expect(recorder.counts).toMatchObject({ recorded: 1, pending: 0 });
  });
});

it("recorded = sent + dropped + pending, whatever the service answers", async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("record" as const), count: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({ kind: fc.constant("flush" as const), ms: fc.integer({ min: 0, max: 300 }) }),
  );
  const answer = fc.constantFrom("take", "down", "refuse", "broken", "some", "never", "nothing" as const);
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.array(answer, { minLength: 1 }),
      async (steps, answers) => {
        let calls = 0;
        let taken = 0;
        const { recorder } = testRecorder(
          { maxBufferedEvents: 120, maxAgeMs: 60_000 },
          async (input, init) => {
            const kind = answers[calls++ % answers.length];
            const { auditEvents } = input;
            if (kind === "down") return refuse("Down", 503)(input, init);
            if (kind === "refuse") return refuse("ValidationException", 400)(input, init);
            if (kind === "broken") throw new TypeError("fetch failed");
            if (kind === "never") return NEVER(input, init);
            if (kind === "nothing") return {};
            const good = kind === "take" ? auditEvents : auditEvents.filter((_, index) => index % 3 === 0);
            taken += good.length;
            return {
              successful: good.map(({ id }) => ({ id })),
              failed: auditEvents.flatMap(({ id }, index) =>
                good.some((each) => each.id === id) || index % 3 === 1
                  ? []
                  : [{ id, errorCode: "InvalidData" }],
              ),
            };
          },
        );
        function balance(): void {
          const { recorded, sent, pending } = recorder.counts;
          expect(sent + totalDropped(recorder) + pending).toBe(recorded);
          expect(pending).toBeLessThanOrEqual(120);
          expect(sent).toBeLessThanOrEqual(taken);
        }

        for (const each of steps) {
          if (each.kind === "record")
            for (let count = 0; count < each.count; count += 1) recorder.record(CALL);
          else if (each.kind === "wait") await vi.advanceTimersByTimeAsync(each.ms);
          else {
            const flushed = recorder.flush(each.ms);
            await vi.advanceTimersByTimeAsync(each.ms);
            await flushed;
          }
          balance();
        }
        const closed = recorder.close(1_000);
        await vi.advanceTimersByTimeAsync(1_000);
        await closed;

        balance();
        expect(recorder.counts).toMatchObject({ sent: taken, pending: 0 });
      },
    ),
    { numRuns: 150 },
  );
});

describe("options", () => {
  it.each([
    [{}, TypeError],
    [{ channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/x" }, TypeError],
    [{ channelArn: CHANNEL_ARN, flushEvents: 0 }, RangeError],
    [{ channelArn: CHANNEL_ARN, flushEvents: 101 }, RangeError],
    [{ channelArn: CHANNEL_ARN, flushTimeoutMs: -1 }, RangeError],
    [{ channelArn: CHANNEL_ARN, flushIntervalMs: 2 ** 31 }, RangeError],
    [{ channelArn: CHANNEL_ARN, maxBufferedEvents: 1.5 }, RangeError],
    [{ channelArn: CHANNEL_ARN, maxParameterBytes: 100 * 1024 + 1 }, RangeError],
    [{ channelArn: CHANNEL_ARN, redact: { names: [""] } }, TypeError],
    [{ channelArn: CHANNEL_ARN, redact: { paths: ["eventName"] } }, TypeError],
  ])("%j is refused when the recorder is made", (options, error) => {
    expect(() => new AuditRecorder(options)).toThrow(error);
  });

  it("the channel is read from OPENTRAIL_CHANNEL_ARN", () => {
    vi.stubEnv("OPENTRAIL_CHANNEL_ARN", CHANNEL_ARN);

    expect(() => new AuditRecorder()).not.toThrow();

    vi.unstubAllEnvs();
  });
});
