import type { DeliveryStatus, DeliveryTarget, TargetStatus } from "../../ports/delivery-status.ts";

type TrailStatus = Partial<Record<DeliveryTarget, TargetStatus>>;

/** Delivery status that lives as long as the process. */
export class MemoryDeliveryStatus implements DeliveryStatus {
  readonly #trails = new Map<string, TrailStatus>();

  async report(trailArn: string, target: DeliveryTarget, at: number, error?: string): Promise<void> {
    const status = this.#trails.get(trailArn) ?? {};
    this.#trails.set(trailArn, { ...status, [target]: withReport(status[target], at, error) });
  }

  async read(trailArn: string): Promise<Readonly<TrailStatus>> {
    return this.#trails.get(trailArn) ?? {};
  }

  async forget(trailArn: string): Promise<void> {
    this.#trails.delete(trailArn);
  }
}

/** Reports may come out of order: an older one never covers a newer one. */
function withReport(before: TargetStatus | undefined, at: number, error: string | undefined): TargetStatus {
  const isNewest = before === undefined || at >= before.latestAttemptAt;
  const latestError = isNewest ? error : before.latestError;
  const latestSuccessAt =
    error === undefined ? Math.max(at, before?.latestSuccessAt ?? at) : before?.latestSuccessAt;
  return {
    latestAttemptAt: isNewest ? at : before.latestAttemptAt,
    ...(latestSuccessAt !== undefined && { latestSuccessAt }),
    ...(latestError !== undefined && { latestError }),
  };
}
