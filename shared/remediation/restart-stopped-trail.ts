import type { JsonObject } from "../event/json.ts";
import type { ActionBudget, ActionLog } from "../ports/action-log.ts";
import type { Clock } from "../ports/clock.ts";
import type { Metrics } from "../ports/metrics.ts";
import { type TrailControl, TrailGone, type TrailLocation } from "../ports/trail-control.ts";
import { readRemediationEvent } from "./remediation-event.ts";

export const RESTART_STOPPED_TRAIL = "restart-stopped-trail";

/**
 * Matches AWS's own events on the default bus and OpenTrail's alike. DeleteTrail and UpdateTrail are not matched: what
 * they changed cannot be put back by starting the trail.
 */
export const STOPPED_TRAIL_PATTERN: JsonObject = {
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: {
    eventSource: ["cloudtrail.amazonaws.com"],
    eventName: ["StopLogging"],
    errorCode: [{ exists: false }],
  },
};

/** At most so many restarts of one trail: enough for somebody at a keyboard, few for two automations at odds. */
export const RESTART_BUDGET: ActionBudget = { actions: 5, windowMs: 10 * 60 * 1000 };

/** What restarting needs. */
export interface RestartDependencies {
  readonly trails: TrailControl;
  readonly actions: ActionLog;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Name of the role that the remediation itself calls with. */
  readonly ownRole: string;
}

/**
 * What was done. `own-call`, `no-effect`, `other-event`: the event is not this remediation's business.
 * `budget-spent`: the trail stays stopped, and a person must look at who keeps stopping it.
 */
export type RestartOutcome =
  | "restarted"
  | "already-logging"
  | "trail-gone"
  | "own-call"
  | "no-effect"
  | "other-event"
  | "budget-spent";

/** What became of an event, for the log. */
export interface RestartReport {
  readonly outcome: RestartOutcome;
  readonly trail?: string;
}

/**
 * Makes the remediation *restart a stopped trail*: StopLogging → StartLogging. An event that comes again finds the trail
 * logging, and nothing is done.
 */
export function makeRestartStoppedTrail(
  dependencies: RestartDependencies,
): (event: unknown) => Promise<RestartReport> {
  const { trails, actions, clock, metrics, ownRole } = dependencies;

  async function restart(location: TrailLocation, cause: string): Promise<RestartOutcome> {
    if (await trails.isLogging(location)) return "already-logging";
    const subject = subjectOf(location);
    if (!(await actions.note({ subject, cause, at: clock.now() }, RESTART_BUDGET))) return "budget-spent";
    await trails.startLogging(location);
    return "restarted";
  }

  async function react(event: unknown): Promise<RestartReport> {
    const { accountId, region, eventId, ...call } = readRemediationEvent(event);
    const { name: trail } = call.requestParameters;
    if (call.eventSource !== "cloudtrail.amazonaws.com" || call.eventName !== "StopLogging") {
      return { outcome: "other-event" };
    }
    if (!call.tookEffect || typeof trail !== "string") return { outcome: "no-effect" };
    if (call.callerRole === ownRole) return { outcome: "own-call", trail };
    try {
      return { outcome: await restart({ accountId, homeRegion: region, trail }, eventId), trail };
    } catch (error) {
      if (error instanceof TrailGone) return { outcome: "trail-gone", trail };
      throw error;
    }
  }

  return async (event) => {
    const report = await react(event);
    metrics.count("Remediations", 1, { remediation: RESTART_STOPPED_TRAIL, outcome: report.outcome });
    return report;
  };
}

/** One and the same for a trail, whether a call names it by its name or its ARN. */
function subjectOf({ accountId, homeRegion, trail }: TrailLocation): string {
  const name = trail.slice(trail.lastIndexOf("/") + 1);
  return [RESTART_STOPPED_TRAIL, accountId, homeRegion, name].join("/");
}
