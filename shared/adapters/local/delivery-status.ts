import type { StatementSync } from "node:sqlite";
import type { DeliveryStatus, DeliveryTarget, TargetStatus } from "../../ports/delivery-status.ts";
import type { Database } from "./database.ts";

/** How deliveries went, in SQLite. A loss of power may take the newest reports; the deliveries after it make new ones. */
export class LocalDeliveryStatus implements DeliveryStatus {
  readonly #database: Database;
  readonly #report: StatementSync;
  readonly #read: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    // Reports may come out of order: an older one never covers a newer one.
    this.#report = database.prepare(
      `INSERT INTO delivery_status (trail_arn, target, latest_attempt_at, latest_success_at, latest_error)
       VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (trail_arn, target) DO UPDATE SET
         latest_error =
           CASE WHEN excluded.latest_attempt_at >= latest_attempt_at THEN excluded.latest_error ELSE latest_error END,
         latest_attempt_at = max(latest_attempt_at, excluded.latest_attempt_at),
         latest_success_at = max(
           coalesce(latest_success_at, excluded.latest_success_at),
           coalesce(excluded.latest_success_at, latest_success_at))`,
    );
    this.#read = database.prepare("SELECT * FROM delivery_status WHERE trail_arn = ?");
    this.#forget = database.prepare("DELETE FROM delivery_status WHERE trail_arn = ?");
  }

  async report(trailArn: string, target: DeliveryTarget, at: number, error?: string): Promise<void> {
    const successAt = error === undefined ? at : null;
    await this.#database.commits.relaxedTransaction(() =>
      this.#report.run(trailArn, target, at, successAt, error ?? null),
    );
  }

  async read(trailArn: string): Promise<Readonly<Partial<Record<DeliveryTarget, TargetStatus>>>> {
    const rows = this.#read.all(trailArn) as unknown as readonly StatusRow[];
    return Object.fromEntries(rows.map((row) => [row.target, targetStatus(row)]));
  }

  async forget(trailArn: string): Promise<void> {
    this.#database.transaction(() => this.#forget.run(trailArn));
  }
}

interface StatusRow {
  readonly target: DeliveryTarget;
  readonly latest_attempt_at: number;
  readonly latest_success_at: number | null;
  readonly latest_error: string | null;
}

function targetStatus(row: StatusRow): TargetStatus {
  return {
    latestAttemptAt: row.latest_attempt_at,
    ...(row.latest_success_at !== null && { latestSuccessAt: row.latest_success_at }),
    ...(row.latest_error !== null && { latestError: row.latest_error }),
  };
}
