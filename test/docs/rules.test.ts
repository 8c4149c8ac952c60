import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, test } from "vitest";
import { eventBridgeRuleControl } from "../../shared/adapters/aws/rule-control.ts";
import { isJsonObject } from "../../shared/event/json.ts";
import type { RuleControl } from "../../shared/ports/rule-control.ts";
import { rulesForEvent } from "../../shared/rule/rules-for-event.ts";
import { applyChanges } from "../../shared/rule-set/apply-changes.ts";
import { makePlan } from "../../shared/rule-set/make-plan.ts";
import { readRulesFiles } from "../../shared/rule-set/read-rules-file.ts";
import type { SetRule } from "../../shared/rule-set/set-rule.ts";
import { CIS_ALARMS } from "../support/cis-alarms.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { startTestHost } from "../support/embedded-host.ts";
import { describeWithMoto } from "../support/moto.ts";

const FOLDER = path.join(import.meta.dirname, "../../docs/rules");
const FILES = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(path.join(FOLDER, name), "utf8"),
}));

/** The rule of docs/rules/cis-alarms.yml that stands for an alarm. The second alarm narrows the first, as no rule does. */
const RULES_OF_ALARMS: Readonly<Record<string, string>> = {
  "unauthorized API calls": "unauthorized-api-calls",
  "console sign-in without MFA": "sign-in-without-mfa",
  "use of the root user": "root-use",
  "IAM policy changes": "iam-policy-changes",
  "CloudTrail changes": "cloudtrail-changes",
  "console authentication failures": "sign-in-failures",
  "disabling or deletion of customer keys": "key-disabling",
  "bucket policy changes": "bucket-policy-changes",
  "Config changes": "config-changes",
  "security group changes": "security-group-changes",
  "network ACL changes": "network-acl-changes",
  "gateway changes": "gateway-changes",
  "route table changes": "route-table-changes",
  "VPC changes": "vpc-changes",
  "Organizations changes": "organizations-changes",
};
const DETAIL_TYPES: Readonly<Record<string, string>> = {
  AwsApiCall: "AWS API Call via CloudTrail",
  AwsConsoleSignIn: "AWS Console Sign In via CloudTrail",
  AwsServiceEvent: "AWS Service Event via CloudTrail",
};

const rulesOf = (...names: readonly string[]) =>
  readRulesFiles(FILES.filter(({ name }) => names.includes(name)));

/** Applies rules twice. @returns what failed at first, and what the second plan would do */
async function applyTwice(control: RuleControl, rules: readonly SetRule[]) {
  const request = { set: "docs", prune: false, adopt: false };
  const { changes } = await makePlan(control, rules, request);
  const outcomes = await applyChanges(control, changes);
  const again = await makePlan(control, rules, request);
  return {
    failures: outcomes.flatMap(({ failure = [] }) => failure),
    actions: again.changes.map(({ action }) => action),
  };
}

describe("docs/rules/cis-alarms.yml", () => {
  const rules = rulesOf("cis-alarms.yml");

  test("has a rule for each alarm, and no other", () => {
    expect(rules.map(({ name }) => name)).toEqual(Object.values(RULES_OF_ALARMS));
  });

  test.each(CIS_ALARMS.filter(([alarm]) => alarm in RULES_OF_ALARMS))(
    "%s: the rule gets what the alarm's filter finds, and not the rest",
    (alarm, _filter, raising, quiet) => {
      const matching = rulesForEvent(rules);
      const isMatched = (record: string): boolean => {
        const detail: unknown = JSON.parse(record);
        if (!isJsonObject(detail)) throw new TypeError("The record is no object");
        const event = {
          "detail-type": DETAIL_TYPES[String(detail.eventType)] ?? "",
          source: String(detail.eventSource).replace(/^(.*)\.amazonaws\.com$/, "aws.$1"),
          detail,
        };
        return matching(event).some(({ name }) => name === RULES_OF_ALARMS[alarm]);
      };

      expect(raising.map(isMatched)).toEqual(raising.map(() => true));
      expect(quiet.map(isMatched)).toEqual(quiet.map(() => false));
    },
  );
});

test("each file of rules that docs/rules.md shows is one", () => {
  const page = readFileSync(path.join(FOLDER, "../rules.md"), "utf8");
  const shown = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);

  const rules = shown.map((text) => readRulesFiles([{ name: "rules.md", text }]));

  expect(rules.map(({ length }) => length)).toEqual([1]);
});

describe("the rules in docs/rules", () => {
  test("are one another's neighbours: no name stands twice", () => {
    expect(FILES.map(({ name }) => name)).toEqual(["cis-alarms.yml", "notify-webhook.yml", "on-aws.yml"]);
    expect(readRulesFiles(FILES).length).toBe(19);
  });

  test("for the embedded host are put there, and found unchanged", async () => {
    const host = await startTestHost();
    const control = eventBridgeRuleControl(new EventBridgeClient(clientSettings(host.endpoint)));
    const rules = rulesOf("cis-alarms.yml", "notify-webhook.yml");

    const result = await applyTwice(control, rules).finally(() => host.remove());

    expect(result).toEqual({ failures: [], actions: rules.map(() => "unchanged") });
  });

  describeWithMoto("in moto", (config) => {
    test("for AWS are put, and found unchanged", async () => {
      const control = eventBridgeRuleControl(new EventBridgeClient(config()));
      const rules = rulesOf("cis-alarms.yml", "on-aws.yml");

      const result = await applyTwice(control, rules);

      expect(result).toEqual({ failures: [], actions: rules.map(() => "unchanged") });
    });
  });
});
