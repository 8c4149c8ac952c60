import { beforeEach, describe, expect, it } from "vitest";
import type { RuleControl } from "../../shared/ports/rule-control.ts";
import type { BusTarget, SetRule } from "../../shared/rule-set/set-rule.ts";

const LOCATION = { eventBusName: "default", name: "users" };
const RULE: SetRule = {
  ...LOCATION,
  description: "Somebody makes users",
  state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
  eventPattern: '{"source":["aws.iam"]}',
  tags: { team: "security", cost: "1" },
  targets: [],
  file: "rules.yml",
};
const LOG_GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:/alarms";
const TARGETS: readonly BusTarget[] = [
  {
    id: "transformed",
    arn: LOG_GROUP,
    roleArn: "arn:aws:iam::111122223333:role/r",
    inputTransformer: { paths: { who: "$.detail.userIdentity.arn" }, template: '{"who": <who>}' },
    deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:111122223333:letters.fifo" },
    retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
  },
  { id: "input", arn: LOG_GROUP, input: '{"a":1}' },
  { id: "path", arn: LOG_GROUP, inputPath: "$.detail" },
];

/** What every RuleControl does. @param make gives one of an account that has no rules of its own in us-east-1 */
export function describeRuleControlContract(name: string, make: () => Promise<RuleControl>): void {
  describe(`rule control: ${name}`, () => {
    let control: RuleControl;

    /** The rule's head as it is listed; undefined if it is not there. */
    const listed = async (rule = LOCATION.name) =>
      (await control.listRules("default")).find((head) => head.name === rule);

    beforeEach(async () => {
      control = await make();
    });

    it("there is a default bus, and its ARN says where", async () => {
      expect(await control.listBuses()).toContainEqual({
        name: "default",
        arn: expect.stringMatching(/^arn:aws:events:us-east-1:\d{12}:event-bus\/default$/),
      });
    });

    it("a rule that was put is listed as it was given, with its tags and no targets", async () => {
      await control.putRule(RULE);

      const head = await listed();
      const { tags: _tags, targets: _targets, file: _file, ...given } = RULE;
      expect(head).toEqual({
        ...given,
        arn: expect.stringMatching(/^arn:aws:events:us-east-1:\d{12}:rule\/users$/),
      });
      expect(await control.listTags(head?.arn ?? "")).toEqual(RULE.tags);
      expect(await control.listTargets(LOCATION)).toEqual([]);
    });

    it("a rule that is put again is replaced, but for its tags and targets", async () => {
      await control.putRule(RULE);
      await control.putTargets(LOCATION, TARGETS);
      const { description: _, ...undescribed } = RULE;

      await control.putRule({ ...undescribed, state: "DISABLED", eventPattern: '{"source":["aws.s3"]}' });

      const head = await listed();
      expect(head).toMatchObject({ state: "DISABLED", eventPattern: '{"source":["aws.s3"]}' });
      expect(head?.description ?? "").toBe("");
      expect(await control.listTags(head?.arn ?? "")).toEqual(RULE.tags);
      expect(await control.listTargets(LOCATION)).toHaveLength(TARGETS.length);
    });

    it("tags are added, replaced and taken away one by one", async () => {
      await control.putRule(RULE);
      const { arn = "" } = (await listed()) ?? {};

      await control.tagRule(arn, { team: "ops", new: "" });
      await control.untagRule(arn, ["cost"]);

      expect(await control.listTags(arn)).toEqual({ team: "ops", new: "" });
    });

    it("targets are listed with all that was given, replaced by their ids, and removed", async () => {
      await control.putRule(RULE);
      const inOrder = (targets: readonly BusTarget[]) => [...targets].sort((a, b) => (a.id < b.id ? -1 : 1));

      const put = await control.putTargets(LOCATION, TARGETS);
      const first = await control.listTargets(LOCATION);
      const replacement = { id: "path", arn: `${LOG_GROUP}2` };
      const replaced = await control.putTargets(LOCATION, [replacement]);
      const removed = await control.removeTargets(LOCATION, ["input", "transformed"]);

      expect([put, replaced, removed]).toEqual([[], [], []]);
      expect(inOrder(first)).toEqual(inOrder(TARGETS));
      expect(await control.listTargets(LOCATION)).toEqual([replacement]);
    });

    it("a rule is deleted once it has no targets; and again, without harm", async () => {
      await control.putRule(RULE);
      await control.putTargets(LOCATION, TARGETS);

      const early = control.deleteRule(LOCATION);
      await expect(early).rejects.toThrow(/targets/);
      await control.removeTargets(
        LOCATION,
        TARGETS.map(({ id }) => id),
      );
      await control.deleteRule(LOCATION);
      await control.deleteRule(LOCATION);

      expect(await listed()).toBeUndefined();
    });

    it("a list of more than one page is whole", async () => {
      const names = Array.from({ length: 120 }, (_, index) => `many-${String(index).padStart(3, "0")}`);
      for (const many of names) await control.putRule({ ...RULE, name: many });

      const heads = await control.listRules("default");

      expect(heads.map((head) => head.name).filter((listedName) => listedName.startsWith("many-"))).toEqual(
        names,
      );
    });
  });
}
