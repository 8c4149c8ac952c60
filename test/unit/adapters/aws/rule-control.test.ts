import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { eventBridgeRuleControl } from "../../../../shared/adapters/aws/rule-control.ts";

const eventBridge = mockClient(EventBridgeClient);
const control = eventBridgeRuleControl(new EventBridgeClient({ region: "us-east-1" }));
const RULE = { eventBusName: "shop", name: "users" };
const targets = Array.from({ length: 23 }, (_, index) => ({ id: `t${index}`, arn: "arn:aws:sqs:::q" }));

beforeEach(() => eventBridge.reset());

describe("lists", () => {
  it("buses, rules and targets are asked for page by page", async () => {
    const pages = (one: object, other: object) => [{ ...one, NextToken: "next" }, other] as const;
    const [buses, moreBuses] = pages(
      { EventBuses: [{ Name: "a", Arn: "A" }] },
      { EventBuses: [{ Name: "b", Arn: "B" }] },
    );
    const [rules, moreRules] = pages({ Rules: [{ Name: "r" }] }, { Rules: [{ Name: "s" }] });
    const [some, more] = pages({ Targets: [{ Id: "t", Arn: "T" }] }, { Targets: [{ Id: "u", Arn: "U" }] });
    eventBridge
      .on(ListEventBusesCommand)
      .resolves(buses)
      .on(ListEventBusesCommand, { NextToken: "next" })
      .resolves(moreBuses)
      .on(ListRulesCommand)
      .resolves(rules)
      .on(ListRulesCommand, { EventBusName: "shop", NextToken: "next" })
      .resolves(moreRules)
      .on(ListTargetsByRuleCommand)
      .resolves(some)
      .on(ListTargetsByRuleCommand, { Rule: "users", EventBusName: "shop", NextToken: "next" })
      .resolves(more);

    expect((await control.listBuses()).map(({ name }) => name)).toEqual(["a", "b"]);
    expect((await control.listRules("shop")).map(({ name }) => name)).toEqual(["r", "s"]);
    expect((await control.listTargets(RULE)).map(({ id }) => id)).toEqual(["t", "u"]);
  });

  it("what rules files do not have of a target is named, and nothing that is undefined", async () => {
    const target = { Id: "t", Arn: "T", SqsParameters: {}, EcsParameters: undefined, AppSyncParameters: {} };
    eventBridge.on(ListTargetsByRuleCommand).resolves({ Targets: [target] });

    expect(await control.listTargets(RULE)).toEqual([
      { id: "t", arn: "T", otherParameters: ["AppSyncParameters", "SqsParameters"] },
    ]);
  });
});

describe("targets", () => {
  it("are put and removed ten a call, and those that failed are told of", async () => {
    eventBridge
      .on(PutTargetsCommand)
      .resolvesOnce({
        FailedEntryCount: 1,
        FailedEntries: [{ TargetId: "t3", ErrorCode: "ThrottlingException", ErrorMessage: "Slow down" }],
      })
      .resolves({ FailedEntryCount: 0, FailedEntries: [] })
      .on(RemoveTargetsCommand)
      .resolves({});

    const put = await control.putTargets(RULE, targets);
    const removed = await control.removeTargets(
      RULE,
      targets.map(({ id }) => id),
    );

    expect(put).toEqual([{ id: "t3", errorCode: "ThrottlingException", errorMessage: "Slow down" }]);
    expect(removed).toEqual([]);
    const batches = eventBridge.commandCalls(PutTargetsCommand).map(({ args: [{ input }] }) => input.Targets);
    expect(batches.map((batch) => batch?.length)).toEqual([10, 10, 3]);
    const ids = eventBridge.commandCalls(RemoveTargetsCommand).flatMap(({ args: [{ input }] }) => input.Ids);
    expect(ids).toEqual(targets.map(({ id }) => id));
  });

  it("that failed without being named are a failure all the same", async () => {
    eventBridge.on(PutTargetsCommand).resolves({ FailedEntryCount: 2, FailedEntries: [] });

    const failures = await control.putTargets(RULE, targets.slice(0, 2));

    expect(failures).toEqual([
      { id: "?", errorCode: "NotNamed", errorMessage: "2 entries failed, and EventBridge names 0 of them" },
    ]);
  });
});

describe("deleting a rule", () => {
  it("that is not there is done", async () => {
    eventBridge
      .on(DeleteRuleCommand)
      .rejects(new ResourceNotFoundException({ message: "Gone", $metadata: {} }));

    await expect(control.deleteRule(RULE)).resolves.toBeUndefined();
  });

  it("that may not be deleted fails", async () => {
    eventBridge.on(DeleteRuleCommand).rejects(new Error("Managed"));

    await expect(control.deleteRule(RULE)).rejects.toThrow("Managed");
  });
});
