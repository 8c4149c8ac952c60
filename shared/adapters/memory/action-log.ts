import type { ActionBudget, ActionLog, RemediationAction } from "../../ports/action-log.ts";
import { type NotedAction, noteAction } from "../../remediation/action-budget.ts";

/** An action log that lives as long as the process. */
export class MemoryActionLog implements ActionLog {
  readonly #noted = new Map<string, readonly NotedAction[]>();

  async note({ subject, cause, at }: RemediationAction, budget: ActionBudget): Promise<boolean> {
    const noted = noteAction(this.#noted.get(subject) ?? [], { cause, at }, budget);
    if (noted !== undefined) this.#noted.set(subject, noted);
    return noted !== undefined;
  }
}
