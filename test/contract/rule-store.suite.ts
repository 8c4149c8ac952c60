import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RuleScope, RuleStore } from "../../shared/ports/rule-store.ts";
import type { Rule } from "../../shared/rule/rule.ts";

/** A store without rules. */
export interface RuleStoreFixture {
  readonly store: RuleStore;
  close(): void;
}

const SCOPE: RuleScope = { accountId: "111122223333", region: "us-east-1" };

function rule(name: string, changes: Partial<Rule> = {}): Rule {
  return {
    name,
    state: "ENABLED",
    eventPattern: '{"source":["aws.iam"]}',
    targets: [{ id: "one", arn: "https://example.com/hook", inputPath: "$.detail" }],
    ...changes,
  };
}

/** What every RuleStore does. */
export function describeRuleStoreContract(name: string, make: () => RuleStoreFixture): void {
  describe(`rule store: ${name}`, () => {
    let fixture: RuleStoreFixture;
    let store: RuleStore;

    beforeEach(() => {
      fixture = make();
      store = fixture.store;
    });

    afterEach(() => fixture.close());

    it("rules come back as they were put, by name", async () => {
      const later = rule("b", { description: "Second", roleArn: "arn:x", tags: { team: "security" } });
      await store.change(SCOPE, "b", () => later);
      await store.change(SCOPE, "a", () => rule("a"));

      expect(await store.list(SCOPE)).toEqual([rule("a"), later]);
    });

    it("a change is given the rule as it is, and can take it away", async () => {
      const seen: (Rule | undefined)[] = [];
      for (const next of [rule("a"), rule("a", { state: "DISABLED" }), undefined, undefined]) {
        await store.change(SCOPE, "a", (current) => {
          seen.push(current);
          return next;
        });
      }

      expect(seen).toEqual([undefined, rule("a"), rule("a", { state: "DISABLED" }), undefined]);
      expect(await store.list(SCOPE)).toEqual([]);
    });

    it("a change that throws changes nothing", async () => {
      await store.change(SCOPE, "a", () => rule("a"));
      const { version } = store;

      const failed = store.change(SCOPE, "a", () => {
        throw new Error("refused");
      });

      await expect(failed).rejects.toThrow("refused");
      expect(await store.list(SCOPE)).toEqual([rule("a")]);
      expect(store.version).toBe(version);
    });

    it("rules belong to an account and a region", async () => {
      await store.change(SCOPE, "a", () => rule("a"));

      expect(await store.list({ ...SCOPE, region: "eu-west-1" })).toEqual([]);
      expect(await store.list({ ...SCOPE, accountId: "444455556666" })).toEqual([]);
    });

    it("the version is another one after each change, and the same after reads", async () => {
      const versions = [store.version];
      for (const state of ["ENABLED", "DISABLED"] as const) {
        await store.change(SCOPE, "a", () => rule("a", { state }));
        versions.push(store.version);
      }
      await store.list(SCOPE);

      expect(new Set(versions).size).toBe(3);
      expect(store.version).toBe(versions[2]);
    });

    it("changes of one rule at the same time are all made", async () => {
      await store.change(SCOPE, "a", () => rule("a", { targets: [] }));
      const ids = ["1", "2", "3", "4", "5"];

      await Promise.all(
        ids.map((id) =>
          store.change(SCOPE, "a", (current = rule("a")) => ({
            ...current,
            targets: [...current.targets, { id, arn: "https://example.com/" }],
          })),
        ),
      );

      const [changed] = await store.list(SCOPE);
      expect(changed?.targets.map(({ id }) => id).sort()).toEqual(ids);
    });
  });
}
