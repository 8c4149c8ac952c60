import type { RuleStatus, StageStatus } from "../shared/api/status.ts";
import type { BatchReport } from "../shared/delivery/batch.ts";

type StageCounts = Pick<StageStatus, "received" | "delivered" | "skipped" | "failed">;

const NOTHING: StageCounts = { received: 0, delivered: 0, skipped: {}, failed: 0 };

/** What each stage did with its records since the host started: received = delivered + skipped + failed. */
export class StageCounters {
  readonly #counts = new Map<string, StageCounts>();

  add(stage: string, { counts }: BatchReport): void {
    const before = this.of(stage);
    const skipped: Record<string, number> = { ...before.skipped };
    for (const [reason, records] of Object.entries(counts.skipped)) {
      skipped[reason] = (skipped[reason] ?? 0) + records;
    }
    this.#counts.set(stage, {
      received: before.received + counts.received,
      delivered: before.delivered + counts.delivered,
      failed: before.failed + counts.failed,
      skipped,
    });
  }

  of(stage: string): StageCounts {
    return this.#counts.get(stage) ?? NOTHING;
  }
}

/** How often each rule of an account invoked a target since the host started, in all regions. */
export class RuleCounters {
  readonly #counts = new Map<string, Pick<RuleStatus, "invocations" | "failures">>();

  add(accountId: string, rule: string, failed: boolean): void {
    const { invocations, failures } = this.of(accountId, rule);
    this.#counts.set(`${accountId}/${rule}`, {
      invocations: invocations + 1,
      failures: failures + (failed ? 1 : 0),
    });
  }

  of(accountId: string, rule: string): Pick<RuleStatus, "invocations" | "failures"> {
    return this.#counts.get(`${accountId}/${rule}`) ?? { invocations: 0, failures: 0 };
  }
}
