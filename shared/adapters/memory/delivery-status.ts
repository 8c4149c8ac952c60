import type { DeliveryStatus, DeliveryTarget, TargetStatus } from "../../ports/delivery-status.ts";

type TrailStatus = Partial<Record<DeliveryTarget, TargetStatus>>;

/** Delivery status that lives as long as the process. */
export class MemoryDeliveryStatus implements DeliveryStatus {
  readonly #trails = new Map<string, TrailStatus>();

  async report(trailArn: string, target: DeliveryTarget, at: number, error?: string): Promise<void> {
    const status = this.#trails.get(trailArn) ?? {};
    const latestSuccessAt = error === undefined ? at : status[target]?.latestSuccessAt;
    this.#trails.set(trailArn, {
      ...status,
      [target]: {
        latestAttemptAt: at,
        ...(latestSuccessAt !== undefined && { latestSuccessAt }),
        ...(error !== undefined && { latestError: error }),
      },
    });
  }

  async read(trailArn: string): Promise<Readonly<TrailStatus>> {
    return this.#trails.get(trailArn) ?? {};
  }

  async forget(trailArn: string): Promise<void> {
    this.#trails.delete(trailArn);
  }
}
