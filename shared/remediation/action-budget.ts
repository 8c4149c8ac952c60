import type { ActionBudget, RemediationAction } from "../ports/action-log.ts";

/** An action that was noted, without its subject. */
export type NotedAction = Omit<RemediationAction, "subject">;

/**
 * The actions on a subject after one more; undefined if the budget does not allow it. Those that have left the window
 * are dropped.
 */
export function noteAction(
  noted: readonly NotedAction[],
  { cause, at }: NotedAction,
  { actions, windowMs }: ActionBudget,
): readonly NotedAction[] | undefined {
  const recent = noted.filter((action) => action.at > at - windowMs);
  if (recent.some((action) => action.cause === cause)) return recent;
  return recent.length < actions ? [...recent, { cause, at }] : undefined;
}
