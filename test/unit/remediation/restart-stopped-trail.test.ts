import { describe, expect, it } from "vitest";
import { MemoryActionLog } from "../../../shared/adapters/memory/action-log.ts";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryMetrics } from "../../../shared/adapters/memory/metrics.ts";
import { remediationIdentity } from "../../../shared/api/remediation-identity.ts";
import type { JsonObject } from "../../../shared/event/json.ts";
import { compilePattern } from "../../../shared/pattern/compile-pattern.ts";
import { matchesEvent } from "../../../shared/pattern/match-event.ts";
import { type TrailControl, TrailGone, type TrailLocation } from "../../../shared/ports/trail-control.ts";
import { REMEDIATIONS } from "../../../shared/remediation/catalog.ts";
import {
  makeRestartStoppedTrail,
  RESTART_BUDGET,
  STOPPED_TRAIL_PATTERN,
} from "../../../shared/remediation/restart-stopped-trail.ts";

const TRAIL_ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit";

/** A trail that remembers who started it; it is stopped until then, and can be stopped again. */
class FakeTrails implements TrailControl {
  readonly started: TrailLocation[] = [];
  logging = false;

  async isLogging(): Promise<boolean> {
    return this.logging;
  }

  async startLogging(location: TrailLocation): Promise<void> {
    this.started.push(location);
    this.logging = true;
  }
}

function remediation(trails: TrailControl = new FakeTrails()) {
  const clock = new MemoryClock(Date.UTC(2026, 0, 1));
  const metrics = new MemoryMetrics();
  const actions = new MemoryActionLog();
  const restart = makeRestartStoppedTrail({
    trails,
    actions,
    clock,
    metrics,
    ownRole: "OpenTrailRemediation",
  });
  return { restart, clock, metrics };
}

function stopLogging(change: JsonObject = {}): JsonObject {
  return {
    source: "opentrail.cloudtrail",
    "detail-type": "AWS API Call via CloudTrail",
    account: "111122223333",
    detail: {
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      awsRegion: "eu-west-1",
      eventID: "11111111-1111-4111-8111-111111111111",
      recipientAccountId: "111122223333",
      userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/mallory" },
      requestParameters: { name: TRAIL_ARN },
      ...change,
    },
  };
}

describe("restart a stopped trail", () => {
  it("a trail that somebody stopped is started in its account and home region", async () => {
    const trails = new FakeTrails();
    const { restart, metrics } = remediation(trails);

    const report = await restart(stopLogging());

    expect(report).toEqual({ outcome: "restarted", trail: TRAIL_ARN });
    expect(trails.started).toEqual([
      { accountId: "111122223333", homeRegion: "eu-west-1", trail: TRAIL_ARN },
    ]);
    const dimensions = { remediation: "restart-stopped-trail", outcome: "restarted" };
    expect(metrics.read("Remediations", dimensions)).toBe(1);
  });

  it("an event that comes again finds the trail logging, and nothing is done", async () => {
    const trails = new FakeTrails();
    const { restart } = remediation(trails);
    await restart(stopLogging());

    const again = await restart(stopLogging());

    expect(again.outcome).toBe("already-logging");
    expect(trails.started).toHaveLength(1);
  });

  it.each([
    ["a call that failed", { errorCode: "AccessDenied" }, "no-effect"],
    ["a dry run, which is answered as an error", { errorCode: "Client.DryRunOperation" }, "no-effect"],
    ["a call without a trail", { requestParameters: null }, "no-effect"],
    ["a call of another name", { eventName: "DeleteTrail" }, "other-event"],
    ["a call of another service", { eventSource: "logs.amazonaws.com" }, "other-event"],
    ["its own call", { userIdentity: remediationIdentity("111122223333", "eu-west-1") }, "own-call"],
  ])("%s starts nothing", async (_, change, outcome) => {
    const trails = new FakeTrails();
    const { restart } = remediation(trails);

    const report = await restart(stopLogging(change));

    expect(report.outcome).toBe(outcome);
    expect(trails.started).toEqual([]);
  });

  it("a trail that is stopped over and over stays stopped when the budget is spent, and not before", async () => {
    const trails = new FakeTrails();
    const { restart, clock } = remediation(trails);
    const outcomes: string[] = [];

    for (let stop = 0; stop < RESTART_BUDGET.actions + 2; stop += 1) {
      clock.advance(1_000);
      trails.logging = false;
      // By its name or by its ARN: it is the same trail.
      const name = stop % 2 === 0 ? TRAIL_ARN : "audit";
      const { outcome } = await restart(
        stopLogging({ eventID: `stop-${stop}`, requestParameters: { name } }),
      );
      outcomes.push(outcome);
    }

    const allowed = Array(RESTART_BUDGET.actions).fill("restarted");
    expect(outcomes).toEqual([...allowed, "budget-spent", "budget-spent"]);
    expect(trails.started).toHaveLength(RESTART_BUDGET.actions);
  });

  it("a trail may be restarted again when the window has passed", async () => {
    const trails = new FakeTrails();
    const { restart, clock } = remediation(trails);
    for (let stop = 0; stop < RESTART_BUDGET.actions; stop += 1) {
      trails.logging = false;
      await restart(stopLogging({ eventID: `stop-${stop}` }));
    }

    clock.advance(RESTART_BUDGET.windowMs);
    trails.logging = false;
    const { outcome } = await restart(stopLogging({ eventID: "later" }));

    expect(outcome).toBe("restarted");
  });

  it("a start that failed is tried again with the event, and spends once", async () => {
    const trails = new FakeTrails();
    let failures = RESTART_BUDGET.actions + 1;
    const { restart } = remediation({
      isLogging: () => trails.isLogging(),
      startLogging: async (location) => {
        failures -= 1;
        if (failures >= 0) throw new Error("Throttled");
        await trails.startLogging(location);
      },
    });
    for (let attempt = 0; attempt <= RESTART_BUDGET.actions; attempt += 1) {
      await expect(restart(stopLogging())).rejects.toThrow("Throttled");
    }

    const { outcome } = await restart(stopLogging());

    expect(outcome).toBe("restarted");
  });

  it("a trail that was deleted meanwhile is left alone", async () => {
    const gone = async () => {
      throw new TrailGone(TRAIL_ARN);
    };
    const { restart } = remediation({ isLogging: gone, startLogging: gone });

    const report = await restart(stopLogging());

    expect(report).toEqual({ outcome: "trail-gone", trail: TRAIL_ARN });
  });

  it.each([[{}], [null], [{ detail: {} }], [{ detail: { eventName: "StopLogging" } }]])(
    "what is no record is an error: %j",
    async (event) => {
      await expect(remediation().restart(event)).rejects.toThrow("The ");
    },
  );
});

describe("the rule of the remediation", () => {
  const pattern = compilePattern(JSON.stringify(STOPPED_TRAIL_PATTERN));

  it("matches AWS's own event and OpenTrail's", () => {
    const ours = stopLogging();
    const aws = { ...ours, source: "aws.cloudtrail" };

    expect([ours, aws].map((event) => matchesEvent(pattern, event))).toEqual([true, true]);
  });

  it("does not match failed calls, nor calls that change or delete a trail", () => {
    const others = [
      stopLogging({ errorCode: "AccessDenied" }),
      stopLogging({ eventName: "DeleteTrail" }),
      stopLogging({ eventName: "UpdateTrail" }),
      stopLogging({ eventName: "StartLogging" }),
    ];

    expect(others.map((event) => matchesEvent(pattern, event))).toEqual([false, false, false, false]);
  });

  it("stands in the catalog beside the function's own handler", async () => {
    const [first] = REMEDIATIONS;
    const { handler } = await import("../../../functions/remediate/restart-stopped-trail.ts");

    expect(first?.eventPattern).toBe(STOPPED_TRAIL_PATTERN);
    expect(await first?.loadHandler()).toBe(handler);
  });
});
