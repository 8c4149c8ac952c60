import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  type FilterLogEventsCommandOutput,
  PutLogEventsCommand,
  paginateFilterLogEvents,
  TestMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeLogsApi } from "../../local/logs/logs-api.ts";
import { LocalLogGroups } from "../../shared/adapters/local/log-groups.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { describeWithAwsCli } from "../support/aws-cli.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { type ServiceServer, serveService } from "../support/service-server.ts";

const group = "aws-cloudtrail-logs";
const eastern = "111122223333_CloudTrail_us-east-1";
const western = "111122223333_CloudTrail_us-west-2";
const other = "other";
/** Half an hour ago, at a full second. */
const start = Math.floor(Date.now() / 1000) * 1000 - 30 * 60_000;

let folder: string;
let logGroups: LocalLogGroups;
let server: ServiceServer;
let logs: CloudWatchLogsClient;

function record(eventName: string, type = "IAMUser"): string {
  return JSON.stringify({ eventName, eventSource: "ec2.amazonaws.com", userIdentity: { type } });
}

async function put(stream: string, events: readonly (readonly [after: number, message: string])[]) {
  await logs.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      logEvents: events.map(([after, message]) => ({ timestamp: start + after, message })),
    }),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "opentrail-logs-"));
  logGroups = new LocalLogGroups(folder, systemClock);
  server = await serveService(makeLogsApi({ logGroups, reportFailure: (error) => console.error(error) }));
  logs = new CloudWatchLogsClient({ ...clientSettings(server.endpoint), maxAttempts: 1 });
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  for (const logStreamName of [eastern, western, other]) {
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
  }
  await put(eastern, [
    [1, record("RunInstances")],
    [3, record("StopLogging", "Root")],
    [3, record("DeleteTrail")],
    [6, record("RunInstances", "Root")],
  ]);
  await put(western, [
    [2, record("StopLogging")],
    [3, record("CreateVpc")],
  ]);
  await put(other, [[4, "plain text with ERROR"]]);
});

afterAll(async () => {
  logs.destroy();
  await server.close();
  logGroups.close();
  await rm(folder, { recursive: true });
});

type Asked = Partial<FilterLogEventsCommandInput>;

function filter(input: Asked = {}): Promise<FilterLogEventsCommandOutput> {
  return logs.send(new FilterLogEventsCommand({ logGroupName: group, ...input }));
}

/** `<time after the start>:<event name or message>` of each event. */
function shown({ events = [] }: FilterLogEventsCommandOutput): readonly string[] {
  return events.map(({ timestamp = 0, message = "" }) => {
    const name = message.startsWith("{") ? JSON.parse(message).eventName : message.split(" ")[0];
    return `${timestamp - start}:${name}`;
  });
}

const EVERYTHING = [
  "1:RunInstances",
  "2:StopLogging",
  "3:StopLogging",
  "3:DeleteTrail",
  "3:CreateVpc",
  "4:plain",
  "6:RunInstances",
];

describe("FilterLogEvents", () => {
  test("without a pattern all events of all streams come in one order, each with its stream", async () => {
    const answer = await filter();

    expect(shown(answer)).toEqual(EVERYTHING);
    expect(answer.events?.[1]).toEqual({
      logStreamName: western,
      timestamp: start + 2,
      message: record("StopLogging"),
      ingestionTime: expect.any(Number),
      eventId: expect.stringMatching(/^\d{56}$/),
    });
    expect(new Set(answer.events?.map(({ eventId }) => eventId)).size).toBe(7);
    expect(answer.nextToken).toBeUndefined();
    expect(answer.searchedLogStreams).toEqual([]);
  });

  test.each([
    [
      "a JSON pattern",
      { filterPattern: "{ $.eventName = StopLogging }" },
      ["2:StopLogging", "3:StopLogging"],
    ],
    [
      "a compound one",
      { filterPattern: '{ ($.eventName = "StopLogging") && ($.userIdentity.type != "Root") }' },
      ["2:StopLogging"],
    ],
    ["terms", { filterPattern: "ERROR" }, ["4:plain"]],
    ["an empty pattern", { filterPattern: "" }, EVERYTHING],
    ["a prefix of streams", { logStreamNamePrefix: "other" }, ["4:plain"]],
    [
      "named streams",
      { logStreamNames: [other, western, other] },
      ["2:StopLogging", "3:CreateVpc", "4:plain"],
    ],
    ["a start, which is included", { startTime: start + 4 }, ["4:plain", "6:RunInstances"]],
    ["an end, which is included too", { endTime: start + 2 }, ["1:RunInstances", "2:StopLogging"]],
    [
      "an identifier",
      { logGroupName: undefined, logGroupIdentifier: group, startTime: start + 6 },
      ["6:RunInstances"],
    ],
  ] satisfies readonly (readonly [
    string,
    { [Name in keyof Asked]: Asked[Name] | undefined },
    readonly string[],
  ])[])("%s narrows what comes", async (_what, input, expected) => {
    expect(shown(await filter(input as Asked))).toEqual(expected);
  });

  test.each([1, 2, 3, 6, 7])("pages of %d hold together just what one page holds", async (limit) => {
    const found: string[] = [];

    for await (const page of paginateFilterLogEvents({ client: logs }, { logGroupName: group, limit })) {
      expect(page.events?.length).toBeLessThanOrEqual(limit);
      found.push(...shown(page));
    }

    expect(found).toEqual(EVERYTHING);
  });

  test("a token is good for its own query alone", async () => {
    const { nextToken = "" } = await filter({ limit: 1 });
    const next = { limit: 1, nextToken };

    expect(shown(await filter(next))).toEqual(["2:StopLogging"]);
    await expect(filter({ ...next, filterPattern: "x" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "The specified nextToken is invalid.",
    });
    await expect(filter({ nextToken: "foreign" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test.each([
    [
      "a pattern that is none",
      { filterPattern: "{ $.a }" },
      "InvalidParameterException",
      "Invalid filter pattern",
    ],
    [
      "streams by name and by prefix",
      { logStreamNames: [other], logStreamNamePrefix: "o" },
      "InvalidParameterException",
      "together",
    ],
    ["a stream that is not there", { logStreamNames: ["gone"] }, "ResourceNotFoundException", "log stream"],
    ["a group that is not there", { logGroupName: "gone" }, "ResourceNotFoundException", "log group"],
    ["too high a limit", { limit: 10_001 }, "InvalidParameterException", "limit"],
    ["too long a pattern", { filterPattern: "a".repeat(1025) }, "InvalidParameterException", "filterPattern"],
  ] satisfies readonly (readonly [string, Asked, string, string])[])(
    "%s is refused",
    async (_what, input, name, message) => {
      await expect(filter(input)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
    },
  );

  test("a search through much ends early with a token, also where it found nothing yet", async () => {
    const logGroupName = "much";
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const message = "x".repeat(250_000);
    for (let batch = 0; batch < 18; batch += 1) {
      const events = [1, 2, 3, 4].map(() => ({ timestamp: start + batch, message }));
      await logGroups.putLogEvents(logGroupName, "stream", events);
    }
    await logGroups.putLogEvents(logGroupName, "stream", [{ timestamp: start + 100, message: "needle" }]);
    const pages: number[] = [];

    const query = { logGroupName, filterPattern: "needle" };
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, query)) {
      pages.push(events.length);
    }

    expect(pages).toEqual([0, 1]);
  });
});

test("TestMetricFilter tells which messages match", async () => {
  const logEventMessages = [record("StopLogging"), record("RunInstances")];

  const { matches } = await logs.send(
    new TestMetricFilterCommand({ filterPattern: "{ $.eventName = Run* }", logEventMessages }),
  );

  expect(matches).toEqual([{ eventNumber: 2, eventMessage: logEventMessages[1], extractedValues: {} }]);
});

describeWithAwsCli("The AWS CLI", (aws) => {
  test("filter-log-events pages through a group by itself", async () => {
    const { exitCode, stdout, stderr } = await aws(server.endpoint, [
      "logs",
      "filter-log-events",
      "--log-group-name",
      group,
      "--filter-pattern",
      "{ $.eventName = StopLogging || $.eventName = CreateVpc }",
      "--page-size",
      "1",
      "--query",
      "events[].logStreamName",
    ]);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual([western, eastern, western]);
  });

  test("logs tail shows a group's events of the last hour (version 2 of the CLI has it)", async (context) => {
    const { stdout: version, stderr } = await aws(server.endpoint, ["--version"]);
    if (`${version}${stderr}`.startsWith("aws-cli/1.")) context.skip("the AWS CLI is version 1");

    const pattern = ["--filter-pattern", "{ $.eventName = StopLogging }"];
    const { exitCode, stdout } = await aws(server.endpoint, [
      ...["logs", "tail", group, "--since", "1h", "--format", "short"],
      ...pattern,
    ]);

    expect(exitCode).toBe(0);
    expect(stdout.match(/StopLogging/g)).toHaveLength(2);
  });
});
