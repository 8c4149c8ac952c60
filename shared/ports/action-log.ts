/** An action of a remediation. */
export interface RemediationAction {
  /** What it was done to, and by which remediation. */
  readonly subject: string;
  /** eventID of the event that caused it. */
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How often a remediation may act on one subject. */
export interface ActionBudget {
  readonly actions: number;
  readonly windowMs: number;
}

/** What remediations did lately, so that two automations that undo each other's work come to an end. */
export interface ActionLog {
  /**
   * Notes an action, unless the budget was spent on the same subject in the window that ends with it. A second
   * action for the same cause is the same action: repeated deliveries of an event spend once.
   * @returns whether the action may be taken
   */
  note(action: RemediationAction, budget: ActionBudget): Promise<boolean>;
}
