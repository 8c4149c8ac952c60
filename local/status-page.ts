import type { Service } from "../shared/api/http.ts";
import { json } from "../shared/api/json-answer.ts";
import type { RuleStatus, StatusReport } from "../shared/api/status.ts";
import { type EndpointSources, endpointStatus } from "../shared/api/status-page.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { RuleStore } from "../shared/ports/rule-store.ts";
import { effectiveRules } from "../shared/rule/built-in-rules.ts";
import type { Rule } from "../shared/rule/rule.ts";
import type { RecentErrors } from "./recent-errors.ts";
import type { RuleCounters, StageCounters } from "./stage-counters.ts";

/** What the status page reads. */
export interface StatusSources extends EndpointSources {
  readonly startedAt: number;
  readonly clock: Clock;
  readonly rules: RuleStore;
  readonly stageCounters: StageCounters;
  readonly ruleCounters: RuleCounters;
  readonly recentErrors: RecentErrors;
  /** A counter of ingest since the host started. */
  readonly ingestCount: (name: string) => number;
}

/** `GET /_opentrail/status`: queues, trails and rules of the caller's account, counts and the newest errors. */
export function makeProcessStatusPage(sources: StatusSources): Service {
  return async (_request, caller) => {
    const status = await endpointStatus(sources, caller);
    const { startedAt } = sources;
    const report: StatusReport = {
      ...status,
      startedAt: new Date(startedAt).toISOString(),
      uptimeSeconds: Math.round((sources.clock.now() - startedAt) / 1000),
      ingest: {
        received: sources.ingestCount("RecordsReceived"),
        accepted: sources.ingestCount("RecordsAccepted"),
        rejected: sources.ingestCount("RecordsRejected"),
        unrouted: sources.ingestCount("RecordsUnrouted"),
      },
      stages: status.stages.map((queue) => ({ ...queue, ...sources.stageCounters.of(queue.name) })),
      rules: effectiveRules(caller, await sources.rules.list(caller)).map((rule) =>
        ruleStatus(rule, sources.ruleCounters.of(caller.accountId, rule.name)),
      ),
      lastErrors: sources.recentErrors.list(),
    };
    return json(200, report);
  };
}

function ruleStatus(
  { name, state, description = "" }: Rule,
  counts: Pick<RuleStatus, "invocations" | "failures">,
): RuleStatus {
  return { name, state, description, ...counts };
}
