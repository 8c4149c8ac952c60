import { beforeEach, describe, expect, it } from "vitest";
import type { ActionLog, RemediationAction } from "../../shared/ports/action-log.ts";

const BUDGET = { actions: 3, windowMs: 60_000 };
const NOW = Date.UTC(2026, 0, 1);

/** What every ActionLog does. @param make an empty log */
export function describeActionLogContract(name: string, make: () => Promise<ActionLog>): void {
  describe(`action log: ${name}`, () => {
    let log: ActionLog;

    beforeEach(async () => {
      log = await make();
    });

    it("actions are allowed until the budget is spent", async () => {
      const allowed: boolean[] = [];

      for (let index = 0; index < 5; index += 1) {
        allowed.push(await log.note(action({ cause: `cause-${index}`, at: NOW + index }), BUDGET));
      }

      expect(allowed).toEqual([true, true, true, false, false]);
    });

    it("an action for a cause that was noted is allowed and spends nothing", async () => {
      for (let repetition = 0; repetition < 4; repetition += 1) await log.note(action({}), BUDGET);

      const others = [
        await log.note(action({ cause: "b" }), BUDGET),
        await log.note(action({ cause: "c" }), BUDGET),
        await log.note(action({ cause: "d" }), BUDGET),
        await log.note(action({}), BUDGET),
      ];

      expect(others).toEqual([true, true, false, true]);
    });

    it("an action leaves the window when the window has passed, and not before", async () => {
      for (const cause of ["a", "b", "c"]) await log.note(action({ cause }), BUDGET);

      const before = await log.note(action({ cause: "d", at: NOW + BUDGET.windowMs - 1 }), BUDGET);
      const after = await log.note(action({ cause: "e", at: NOW + BUDGET.windowMs }), BUDGET);

      expect([before, after]).toEqual([false, true]);
    });

    it("subjects have budgets of their own", async () => {
      for (const cause of ["a", "b", "c"]) await log.note(action({ cause }), BUDGET);

      const allowed = await log.note(action({ subject: "another", cause: "d" }), BUDGET);

      expect(allowed).toBe(true);
    });

    it("of actions at one time no more are allowed than the budget has", async () => {
      const actions = Array.from({ length: 6 }, (_, index) => action({ cause: `cause-${index}` }));

      const allowed = await Promise.all(actions.map((each) => log.note(each, BUDGET)));

      expect(allowed.filter(Boolean)).toHaveLength(BUDGET.actions);
    });
  });
}

function action(change: Partial<RemediationAction>): RemediationAction {
  return { subject: "trail", cause: "cause", at: NOW, ...change };
}
