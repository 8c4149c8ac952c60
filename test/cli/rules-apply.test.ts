import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { eventBridgeRuleControl } from "../../shared/adapters/aws/rule-control.ts";
import { applyChanges } from "../../shared/rule-set/apply-changes.ts";
import { makeRemovalPlan } from "../../shared/rule-set/make-plan.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";
import { runCommand } from "../support/run-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startWebhook, type Webhook } from "../support/webhook.ts";

let host: TestHost;
let events: EventBridgeClient;
let webhook: Webhook;
let folder: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  host = await startTestHost();
  events = new EventBridgeClient(clientSettings(host.endpoint));
  webhook = await startWebhook();
});

afterAll(async () => {
  await webhook.close();
  await host.remove();
});

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(async () => {
  const control = eventBridgeRuleControl(events);
  for (const set of ["default", "other"]) {
    await applyChanges(control, (await makeRemovalPlan(control, set, [])).changes);
  }
  folder.remove();
});

const rules = (...args: readonly string[]) => runCommand(host.endpoint, "rules", ...args);

/** Writes a file of rules, and gives its path. */
function file(name: string, ...written: readonly object[]): string {
  const target = path.join(folder.path, name);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, JSON.stringify({ rules: written }));
  return target;
}

const rule = (name: string, fields: object = {}) => ({
  name,
  eventPattern: { source: ["shop"] },
  targets: [{ id: "hook", arn: webhook.url }],
  ...fields,
});

/** The names of rules that did not come with OpenTrail. */
async function ruleNames(): Promise<readonly (string | undefined)[]> {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  return Rules.filter(({ ManagedBy }) => ManagedBy === undefined).map(({ Name }) => Name);
}

test("a set is shown, applied, found unchanged, invoked, changed, pruned and removed", async () => {
  const first = file("rules/a.yml", rule("orders", { description: "Orders" }), rule("refunds"));

  const planned = await rules("diff", first);
  const applied = await rules("apply", "--yes", first);
  const again = await rules("apply", first);
  const unchanged = await rules("diff", first);
  await events.send(
    new PutEventsCommand({ Entries: [{ Source: "shop", DetailType: "Order", Detail: '{"id":7}' }] }),
  );

  expect(planned.code).toBe(1);
  expect(planned.out).toContain("+ orders\n    description: Orders\n");
  expect(planned.out).toContain("Plan: 2 to create, 0 to update, 0 to delete, 0 unchanged.");
  expect({ code: applied.code, err: applied.err }).toEqual({ code: 0, err: "" });
  expect(applied.out).toContain("✓ created orders\n✓ created refunds\n");
  expect(again).toEqual({ code: 0, err: "", out: unchanged.out });
  expect(unchanged.code).toBe(0);
  expect(unchanged.out).toContain("0 to delete, 2 unchanged.");
  await vi.waitFor(() => expect(webhook.requests).toHaveLength(2), 10_000);

  file("rules/a.yml", rule("orders", { state: "DISABLED" }));
  const kept = await rules("diff", path.dirname(first));
  const pruned = await rules("apply", "--prune", "--yes", path.dirname(first));

  expect(kept.out).toContain("? refunds: stands in no file any more; --prune deletes it\n");
  expect(pruned).toMatchObject({ code: 0, err: "" });
  expect(pruned.out).toContain("~ orders\n    description: Orders → none\n    state: ENABLED → DISABLED\n");
  expect(pruned.out).toContain("✓ updated orders\n✓ deleted refunds\n");
  expect(await ruleNames()).toEqual(["orders"]);

  const removed = await rules("remove", "orders", "--yes");

  expect(removed.out).toContain("✓ deleted orders\n");
  expect(await ruleNames()).toEqual([]);
}, 90_000);

test("what somebody changed by hand is found and put right", async () => {
  const written = file("a.json", rule("orders", { state: "DISABLED" }));
  await rules("apply", "--yes", written);
  await events.send(new EnableRuleCommand({ Name: "orders" }));

  const { code, out } = await rules("diff", "--json", written);

  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    set: "default",
    account: "111122223333",
    region: "us-east-1",
    counts: { create: 0, update: 1, delete: 0, unchanged: 0, kept: 0, refused: 0 },
    changes: [
      {
        action: "update",
        name: "orders",
        eventBusName: "default",
        fields: [{ field: "state", from: "ENABLED", to: "DISABLED" }],
      },
    ],
  });
});

test("without a terminal and without --yes nothing is changed, and it ends with 2", async () => {
  const { code, err } = await rules("apply", file("a.yml", rule("orders")));

  expect(code).toBe(2);
  expect(err).toContain("nothing was changed: without a terminal to ask on, --yes is needed");
  expect(await ruleNames()).toEqual([]);
});

test("a file that is not what it should be changes nothing, also of the good ones", async () => {
  const good = file("good.yml", rule("orders"));
  const bad = file("bad.yml", rule("x", { eventPattern: { source: "shop" } }), rule("y", { targets: [{}] }));

  const { code, out, err } = await rules("apply", "--yes", good, bad);

  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(`error: ${bad}: rule x: eventPattern: Event pattern is not valid.`);
  expect(err).toContain(`error: ${bad}: rule y: targets[0].id: is missing`);
  expect(await ruleNames()).toEqual([]);
});

test("a rule that the server refuses fails by itself, ends with 1, and says why", async () => {
  const queue = [{ id: "queue", arn: "arn:aws:sqs:us-east-1:111122223333:q" }];
  const written = file("a.yml", rule("lost", { targets: queue }), rule("orders"));

  const { code, out, err } = await rules("apply", "--yes", written);

  expect(code).toBe(1);
  expect(out).toContain("✗ not created, or not wholly: lost: put-targets: ValidationException: Target queue");
  expect(out).toContain("✓ created orders\n");
  expect(err).toBe("opentrail: 1 of 2 rules done. Run it again when the rest can be.\n");
});

describe("rules that are not the set's", () => {
  test("are left alone, and adopted only when asked to be", async () => {
    await events.send(new PutRuleCommand({ Name: "orders", EventPattern: '{"source":["mine"]}' }));
    const written = file("a.yml", rule("orders"));

    const refused = await rules("apply", "--yes", written);
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: "orders" }));
    const adopted = await rules("apply", "--yes", "--adopt", written);
    const notRemoved = await rules("remove", "orders", "--set", "other", "--yes");

    expect(refused.code).toBe(1);
    expect(refused.out).toContain("! orders: there is a rule of that name in no set\n");
    expect(refused.err).toContain("Nothing was changed");
    expect(refused.err).toContain("--adopt");
    expect(Targets).toEqual([]);
    expect(adopted).toMatchObject({ code: 0, err: "" });
    expect(adopted.out).toContain("tags.opentrail:rule-set: default");
    expect(notRemoved.code).toBe(1);
    expect(notRemoved.out).toContain("! orders: the rule is in the set default, not in other\n");
  });

  test("that came with OpenTrail are never changed", async () => {
    const written = file("a.yml", rule("restart-stopped-trail"));

    const { code, out } = await rules("apply", "--yes", "--adopt", written);

    expect(code).toBe(1);
    expect(out).toContain(
      "! restart-stopped-trail: the rule is managed by opentrail, which alone may change it",
    );
  });

  test("of two sets the one is not pruned with the other", async () => {
    await rules("apply", "--yes", "--set", "other", file("a.yml", rule("orders")));

    const { code } = await rules("apply", "--yes", "--prune", file("b.yml", rule("refunds")));

    expect(code).toBe(0);
    expect(await ruleNames()).toEqual(["orders", "refunds"]);
  });
});

test("rules are listed with their state, set and targets, as a table and as JSON", async () => {
  await rules("apply", "--yes", file("a.yml", rule("orders", { state: "DISABLED" })));

  const table = await rules("list");
  const json = await rules("list", "--json");
  const elsewhere = await rules("list", "--event-bus", "shop");

  expect(table.out).toMatch(new RegExp(`^orders +disabled +default +hook ${webhook.url}$`, "m"));
  expect(table.out).toMatch(/^restart-stopped-trail +enabled +managed by opentrail /m);
  const [first] = JSON.parse(json.out).rules;
  expect(first).toMatchObject({
    name: "orders",
    state: "DISABLED",
    set: "default",
    targets: [{ id: "hook" }],
  });
  expect(elsewhere).toMatchObject({ code: 1, out: "" });
  expect(elsewhere.err).toContain("ResourceNotFoundException: Event bus shop does not exist.");
});

test("a function as a target comes with the command that lets the rule invoke it on AWS", async () => {
  const arn = `arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:restart-stopped-trail`;
  const targets = [{ id: "f", arn }];

  const { out } = await rules("apply", "--yes", file("a.yml", rule("stopped.trail", { targets })));

  expect(out).toContain(
    "  aws lambda add-permission --function-name arn:aws:lambda:us-east-1:111122223333:function:restart-stopped-trail --statement-id stopped_trail --action lambda:InvokeFunction --principal events.amazonaws.com --source-arn arn:aws:events:us-east-1:111122223333:rule/stopped.trail\n",
  );
});

test.each([
  ["diff", 2],
  ["apply", 1],
])("%s ends with %d where nobody answers", async (command, expected) => {
  const written = file("a.yml", rule("orders"));

  const { code, err } = await rules(command, written, "--endpoint", "http://127.0.0.1:1");

  expect(code).toBe(expected);
  expect(err).toContain("No server answers at http://127.0.0.1:1.");
});

test.each([
  ["a folder without files of rules", ["apply", "--yes", "."], "there is no .yml, .yaml or .json file"],
  ["a file that is not there", ["diff", "/nonexistent.yml"], "/nonexistent.yml: ENOENT"],
  ["names and --all", ["remove", "x", "--all"], "name either rules or --all"],
  ["neither", ["remove"], "name either rules or --all"],
  ["a set's name that is none", ["diff", "a.yml", "--set", "a b"], "1 to 128 letters"],
  ["an endpoint that is none", ["list", "--endpoint", "aws.example"], 'or "aws", is needed'],
])("%s is wrong usage", async (_what, args, message) => {
  const given = args.map((arg) => (arg === "." ? folder.path : arg));

  const { code, err } = await rules(...given);

  expect(code).toBe(2);
  expect(err).toContain(message);
});
