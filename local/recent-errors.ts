import type { StageError } from "../shared/api/status.ts";

/** How many errors `opentrail status` can show. */
const KEPT = 20;

/** The newest errors that the stages met. The same message of a stage is kept once, at its newest time. */
export class RecentErrors {
  #errors: StageError[] = [];

  note(stage: string, message: string, at: number): void {
    const others = this.#errors.filter((error) => error.stage !== stage || error.message !== message);
    this.#errors = [{ at: new Date(at).toISOString(), stage, message }, ...others].slice(0, KEPT);
  }

  /** Newest first. */
  list(): readonly StageError[] {
    return this.#errors;
  }
}
