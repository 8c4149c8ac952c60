import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CloudTrailClient,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  type Target,
  TestEventPatternCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { describeWithAwsCli } from "../support/aws-cli.ts";
import { clientSettings, makeTrail, putRecords, readStatus } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startWebhook, type Webhook } from "../support/webhook.ts";

const BUILT_IN = "restart-stopped-trail";
const ACCOUNT = "111122223333";
const CREATE_USER = JSON.stringify({ detail: { eventName: ["CreateUser"] } });
const WAIT = { timeout: 10_000 };

let host: TestHost;
let events: EventBridgeClient;
let webhook: Webhook | undefined;

beforeAll(async () => {
  host = await startTestHost();
  events = client();
  await makeTrail(host.endpoint, "audited", "rule-test-logs");
});

afterEach(async () => {
  await webhook?.close();
  webhook = undefined;
});

afterAll(async () => {
  events.destroy();
  await host.remove();
});

function client(endpoint = host.endpoint, region = "us-east-1", accessKeyId = ACCOUNT): EventBridgeClient {
  const credentials = { accessKeyId, secretAccessKey: "test" };
  return new EventBridgeClient({ ...clientSettings(endpoint), region, credentials, maxAttempts: 1 });
}

async function putRule(Name: string, EventPattern = CREATE_USER, ...targets: readonly Partial<Target>[]) {
  await events.send(new PutRuleCommand({ Name, EventPattern }));
  if (targets.length > 0) {
    const Targets = targets.map((target, index) => ({ Id: `t${index}`, Arn: "", ...target }));
    await events.send(new PutTargetsCommand({ Rule: Name, Targets }));
  }
}

async function ruleNames(from = events): Promise<readonly (string | undefined)[]> {
  const { Rules = [] } = await from.send(new ListRulesCommand({}));
  return Rules.map(({ Name }) => Name);
}

describe("rules", () => {
  test("a rule that was put is described, listed, replaced as a whole and deleted", async () => {
    const Tags = [{ Key: "team", Value: "security" }];
    const { RuleArn } = await events.send(
      new PutRuleCommand({ Name: "r1", EventPattern: CREATE_USER, Description: "First", Tags }),
    );
    const described = await events.send(new DescribeRuleCommand({ Name: "r1" }));
    await events.send(
      new PutRuleCommand({ Name: "r1", EventPattern: '{"source":["x"]}', State: "DISABLED" }),
    );
    const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: "r1" }));
    await events.send(new DeleteRuleCommand({ Name: "r1" }));
    await events.send(new DeleteRuleCommand({ Name: "r1" }));

    const rule = { Name: "r1", Arn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/r1`, EventBusName: "default" };
    expect(RuleArn).toBe(rule.Arn);
    expect(described).toMatchObject({
      ...rule,
      EventPattern: CREATE_USER,
      State: "ENABLED",
      Description: "First",
      CreatedBy: ACCOUNT,
    });
    expect(Rules).toEqual([{ ...rule, EventPattern: '{"source":["x"]}', State: "DISABLED" }]);
    await expect(events.send(new DescribeRuleCommand({ Name: "r1" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Rule r1 does not exist on EventBus default.",
    });
  });

  test("rules are listed in pages, those that came with OpenTrail among them", async () => {
    for (const name of ["a", "b", "z"]) await putRule(name);
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;

    do {
      const page = await events.send(new ListRulesCommand({ Limit: 2, ...(NextToken && { NextToken }) }));
      names.push(...(page.Rules ?? []).map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);

    expect(names).toEqual(["a", "b", BUILT_IN, "z"]);
    for (const Name of ["a", "b", "z"]) await events.send(new DeleteRuleCommand({ Name }));
  });

  test("a rule belongs to its account and region", async () => {
    const western = client(host.endpoint, "us-west-2");
    const other = client(host.endpoint, "us-east-1", "444455556666");
    await putRule("mine");

    expect(await ruleNames(western)).toEqual([BUILT_IN]);
    expect(await ruleNames(other)).toEqual([BUILT_IN]);
    await events.send(new DeleteRuleCommand({ Name: "mine" }));
  });

  test("tags of a rule are listed, set and taken away, and survive another PutRule", async () => {
    await putRule("tagged");
    const ResourceARN = `arn:aws:events:us-east-1:${ACCOUNT}:rule/tagged`;
    const Tags = [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ];

    await events.send(new TagResourceCommand({ ResourceARN, Tags }));
    await events.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["a"] }));
    await putRule("tagged");
    const listed = await events.send(new ListTagsForResourceCommand({ ResourceARN }));

    expect(listed.Tags).toEqual([{ Key: "b", Value: "2" }]);
    await events.send(new DeleteRuleCommand({ Name: "tagged" }));
  });

  test.each([
    [
      "a pattern that is none",
      { EventPattern: '{"source":"x"}' },
      "InvalidEventPatternException",
      "not valid",
    ],
    ["no pattern", {}, "ValidationException", "EventPattern or ScheduleExpression"],
    ["a schedule", { ScheduleExpression: "rate(1 hour)" }, "ValidationException", "schedule"],
    ["another bus", { EventPattern: CREATE_USER, EventBusName: "mine" }, "ResourceNotFoundException", "mine"],
    ["a name that is none", { Name: "a b", EventPattern: CREATE_USER }, "ValidationException", "name"],
    [
      "a built-in rule's name",
      { Name: BUILT_IN, EventPattern: CREATE_USER },
      "ManagedRuleException",
      "OpenTrail",
    ],
  ] as const)("%s is refused", async (_what, input, name, message) => {
    await expect(events.send(new PutRuleCommand({ Name: "refused", ...input }))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });
});

describe("targets", () => {
  const HOOK = "https://example.com/hook";

  test("targets are listed, replaced by their ids, and removed; a rule with targets stays", async () => {
    await putRule("r2", CREATE_USER, { Id: "a", Arn: HOOK }, { Id: "b", Arn: HOOK, InputPath: "$.detail" });
    const InputTransformer = {
      InputPathsMap: { who: "$.detail.userIdentity.arn" },
      InputTemplate: '"<who>"',
    };
    await putRule(
      "r2",
      CREATE_USER,
      { Id: "a", Arn: HOOK, Input: '{"x":1}' },
      { Id: "c", Arn: HOOK, InputTransformer },
    );

    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: "r2" }));

    expect(Targets).toEqual([
      { Id: "a", Arn: HOOK, Input: '{"x":1}' },
      { Id: "b", Arn: HOOK, InputPath: "$.detail" },
      { Id: "c", Arn: HOOK, InputTransformer },
    ]);
    await expect(events.send(new DeleteRuleCommand({ Name: "r2" }))).rejects.toMatchObject({
      name: "ValidationException",
    });
    await events.send(new RemoveTargetsCommand({ Rule: "r2", Ids: ["a", "b", "c"] }));
    await events.send(new DeleteRuleCommand({ Name: "r2" }));
  });

  test.each([
    ["a queue", { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:q` }, "cannot be invoked"],
    ["no ARN", { Arn: "ftp://example.com" }, "cannot be invoked"],
    [
      "a function that is no remediation",
      { Arn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:x` },
      BUILT_IN,
    ],
    ["another region's log group", { Arn: `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:g` }, "region"],
    ["another account's log group", { Arn: "arn:aws:logs:us-east-1:444455556666:log-group:g" }, "account"],
    ["a template that is no JSON", { Arn: HOOK, InputTransformer: { InputTemplate: "text" } }, "JSON"],
    ["an unknown name in a template", { Arn: HOOK, InputTransformer: { InputTemplate: '"<x>"' } }, "<x>"],
    [
      "an input and a transformer",
      { Arn: HOOK, Input: "1", InputTransformer: { InputTemplate: "1" } },
      "Only one",
    ],
    ["a retry policy beyond AWS's", { Arn: HOOK, RetryPolicy: { MaximumRetryAttempts: 186 } }, "185"],
    ["what it does not have", { Arn: HOOK, SqsParameters: { MessageGroupId: "g" } }, "SqsParameters"],
    ["two inputs", { Arn: HOOK, Input: "1", InputPath: "$" }, "Only one"],
    ["an input that is no JSON", { Arn: HOOK, Input: "{" }, "JSON"],
    ["an input path that is none", { Arn: HOOK, InputPath: "detail" }, "JSON path"],
  ] as const)("%s is refused, and says why", async (_what, target, message) => {
    await putRule("r3");

    const put = events.send(new PutTargetsCommand({ Rule: "r3", Targets: [{ Id: "t", ...target }] }));

    await expect(put).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });

  test("a retry policy and a dead-letter queue are kept as they were given", async () => {
    const target = {
      Id: "t",
      Arn: HOOK,
      RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      DeadLetterConfig: { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:letters` },
    };
    await putRule("kept", '{"source":["nobody"]}', target);

    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: "kept" }));

    expect(Targets).toEqual([target]);
  });

  test("a rule has five targets at most", async () => {
    const six = ["1", "2", "3", "4", "5", "6"].map((Id) => ({ Id, Arn: HOOK }));

    await expect(putRule("r4", CREATE_USER, ...six)).rejects.toMatchObject({
      name: "LimitExceededException",
    });
  });

  test("targets need a rule", async () => {
    const put = events.send(new PutTargetsCommand({ Rule: "none", Targets: [{ Id: "t", Arn: HOOK }] }));

    await expect(put).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("events", () => {
  test("a CloudTrail event invokes a rule's webhook and log group, until the rule is disabled", async () => {
    webhook = await startWebhook();
    const logs = new CloudWatchLogsClient(clientSettings(host.endpoint));
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/rules/users" }));
    await putRule(
      "users",
      CREATE_USER,
      { Arn: webhook.url },
      { Arn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/rules/users`, InputPath: "$.detail.eventID" },
    );
    const record = recordLine({ eventName: "CreateUser", eventSource: "iam.amazonaws.com" });

    await putRecords(host.endpoint, record);

    await vi.waitFor(() => expect(webhook?.requests).toHaveLength(1), WAIT);
    expect(webhook.requests[0]?.body).toMatchObject({
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.iam",
      account: ACCOUNT,
      region: "us-east-1",
      detail: JSON.parse(record),
    });
    await vi.waitFor(async () => {
      const found = await logs.send(new FilterLogEventsCommand({ logGroupName: "/rules/users" }));
      expect(found.events?.map(({ message }) => message)).toEqual([JSON.parse(record).eventID]);
    }, WAIT);

    await events.send(new DisableRuleCommand({ Name: "users" }));
    await putRule("marker", JSON.stringify({ source: ["done"] }), { Arn: webhook.url });
    await putRecords(host.endpoint, recordLine({ eventName: "CreateUser" }));
    await vi.waitFor(async () => expect(await queued()).toBe(0), WAIT);
    await events.send(new PutEventsCommand({ Entries: [custom("done")] }));
    await vi.waitFor(() => expect(webhook?.requests).toHaveLength(2), WAIT);
    expect(webhook.requests[1]?.body).toMatchObject({ source: "done" });
  });

  test("webhooks that do not answer hold up no other target", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const logs = new CloudWatchLogsClient(clientSettings(host.endpoint));
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/rules/quick" }));
    await putRule(
      "slow",
      JSON.stringify({ source: ["slow"] }),
      { Arn: `http://127.0.0.1:${port}/` },
      { Arn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/rules/quick` },
    );

    const started = performance.now();
    for (let call = 0; call < 6; call += 1) {
      await events.send(new PutEventsCommand({ Entries: Array.from({ length: 10 }, () => custom("slow")) }));
    }
    await vi.waitFor(async () => {
      const found = await logs.send(new FilterLogEventsCommand({ logGroupName: "/rules/quick" }));
      expect(found.events).toHaveLength(60);
    }, WAIT);

    expect(performance.now() - started).toBeLessThan(4_000);
    silent.close();
    silent.closeAllConnections();
  });

  test("events of one's own reach rules, and bad entries fail one by one", async () => {
    webhook = await startWebhook();
    await putRule("orders", JSON.stringify({ source: ["shop"] }), { Arn: webhook.url });
    const entries: readonly PutEventsRequestEntry[] = [
      { ...custom("shop"), Resources: ["arn:x"], Time: new Date("2026-01-02T03:04:05Z") },
      custom("aws.iam"),
      { Source: "shop", Detail: "{}" },
      { ...custom("shop"), Detail: "[1]" },
      { ...custom("shop"), EventBusName: "other" },
    ];

    const { FailedEntryCount, Entries } = await events.send(new PutEventsCommand({ Entries: [...entries] }));

    expect(FailedEntryCount).toBe(4);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "NotAuthorizedForSourceException",
      "InvalidArgument",
      "MalformedDetail",
      "ResourceNotFoundException",
    ]);
    await vi.waitFor(() => expect(webhook?.requests).toHaveLength(1), WAIT);
    expect(webhook.requests[0]?.body).toEqual({
      version: "0",
      id: Entries?.[0]?.EventId,
      "detail-type": "Order",
      source: "shop",
      account: ACCOUNT,
      time: "2026-01-02T03:04:05Z",
      region: "us-east-1",
      resources: ["arn:x"],
      detail: { order: 1 },
    });
  });

  test("events of more than 256 KB are refused together", async () => {
    const Entries = [{ ...custom("shop"), Detail: JSON.stringify({ text: "x".repeat(256 * 1024) }) }];

    await expect(events.send(new PutEventsCommand({ Entries }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  test.each([
    [{ source: ["shop"] }, true],
    [{ source: [{ prefix: "s" }], detail: { order: [2] } }, false],
  ])("TestEventPattern answers for %j", async (pattern, expected) => {
    const Event = JSON.stringify({
      id: "1",
      "detail-type": "Order",
      source: "shop",
      account: ACCOUNT,
      time: "2026-01-02T03:04:05Z",
      region: "us-east-1",
      resources: [],
      detail: { order: 1 },
    });

    const { Result } = await events.send(
      new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event }),
    );

    expect(Result).toBe(expected);
  });

  test("TestEventPattern refuses what is no pattern and what is no event", async () => {
    const answer = (EventPattern: string) =>
      events.send(new TestEventPatternCommand({ EventPattern, Event: "{}" }));

    await expect(answer(CREATE_USER)).rejects.toMatchObject({ name: "ValidationException" });
    await expect(answer("{")).rejects.toMatchObject({ name: "InvalidEventPatternException" });
  });
});

test("there is one event bus, the default one", async () => {
  const Arn = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`;

  const described = await events.send(new DescribeEventBusCommand({}));
  const listed = await events.send(new ListEventBusesCommand({}));

  expect(described).toMatchObject({ Name: "default", Arn });
  expect(listed.EventBuses).toEqual([{ Name: "default", Arn }]);
  await expect(events.send(new DescribeEventBusCommand({ Name: "x" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

describe("the rule that came with OpenTrail", () => {
  test("shows its remediation as target, and cannot be changed but for its state", async () => {
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: BUILT_IN }));

    expect(Targets.map(({ Arn }) => Arn)).toEqual([
      `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${BUILT_IN}`,
    ]);
    await expect(events.send(new DeleteRuleCommand({ Name: BUILT_IN }))).rejects.toMatchObject({
      name: "ManagedRuleException",
    });
  });

  test("does nothing once it is disabled, after a restart of the host too, until it is enabled", async () => {
    const folder = temporaryFolder();
    const first = await startTestHost({ dataDir: folder.path });
    await client(first.endpoint).send(new DisableRuleCommand({ Name: BUILT_IN }));
    await first.remove();
    const second = await startTestHost({ dataDir: folder.path });
    const bridge = client(second.endpoint);
    const trails = new CloudTrailClient(clientSettings(second.endpoint));
    await makeTrail(second.endpoint, "watched", "watched-logs");
    const isLogging = async () =>
      (await trails.send(new GetTrailStatusCommand({ Name: "watched" }))).IsLogging;

    const { State } = await bridge.send(new DescribeRuleCommand({ Name: BUILT_IN }));
    await trails.send(new StopLoggingCommand({ Name: "watched" }));
    await vi.waitFor(async () => expect(await queued(second.endpoint)).toBe(0), WAIT);
    const stayed = await isLogging();
    await trails.send(new StartLoggingCommand({ Name: "watched" }));
    await bridge.send(new EnableRuleCommand({ Name: BUILT_IN }));
    await trails.send(new StopLoggingCommand({ Name: "watched" }));

    expect([State, stayed]).toEqual(["DISABLED", false]);
    await vi.waitFor(async () => expect(await isLogging()).toBe(true), WAIT);
    await second.remove();
    folder.remove();
  }, 30_000);
});

describeWithAwsCli("The AWS CLI", (aws) => {
  test("makes a rule with a webhook, tests its pattern, and sees it invoked", async () => {
    webhook = await startWebhook();
    const pattern = JSON.stringify({ source: ["aws.iam"], detail: { eventName: ["DeleteUser"] } });
    const run = async (...args: readonly string[]) => {
      const { exitCode, stdout, stderr } = await aws(host.endpoint, ["events", ...args]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      return stdout === "" ? undefined : JSON.parse(stdout);
    };
    const event = {
      id: "1",
      "detail-type": "x",
      source: "aws.iam",
      account: "1",
      time: "2026-01-02T03:04:05Z",
    };
    const full = JSON.stringify({
      ...event,
      region: "r",
      resources: [],
      detail: { eventName: "DeleteUser" },
    });

    const put = await run("put-rule", "--name", "cli", "--event-pattern", pattern);
    const targets = await run("put-targets", "--rule", "cli", "--targets", `Id=hook,Arn=${webhook.url}`);
    const tested = await run("test-event-pattern", "--event-pattern", pattern, "--event", full);
    await putRecords(
      host.endpoint,
      recordLine({ eventName: "DeleteUser", eventSource: "iam.amazonaws.com" }),
    );

    expect(put).toEqual({ RuleArn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/cli` });
    expect(targets).toEqual({ FailedEntryCount: 0, FailedEntries: [] });
    expect(tested).toEqual({ Result: true });
    await vi.waitFor(() => expect(webhook?.requests).toHaveLength(1), WAIT);
    await run("remove-targets", "--rule", "cli", "--ids", "hook");
    await run("delete-rule", "--name", "cli");
  }, 30_000);
});

function custom(source: string): PutEventsRequestEntry {
  return { Source: source, DetailType: "Order", Detail: JSON.stringify({ order: 1 }) };
}

/** Messages that wait or are worked on, in all queues. */
async function queued(endpoint = host.endpoint): Promise<number> {
  const { stages } = await readStatus(endpoint);
  return stages.reduce((sum, { ready, inFlight }) => sum + ready + inFlight, 0);
}
