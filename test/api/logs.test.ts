import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DescribeMetricFiltersCommand,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeLogsApi } from "../../local/logs/logs-api.ts";
import { LocalLogGroups } from "../../shared/adapters/local/log-groups.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Caller } from "../../shared/api/http.ts";
import { type ServiceServer, serveService } from "../support/service-server.ts";

const group = "aws-cloudtrail-logs";
const stream = "111122223333_CloudTrail_us-east-1";
const groupArn = `arn:aws:logs:us-east-1:111122223333:log-group:${group}`;
/** Two days ago, at a full second. */
const start = Math.floor(Date.now() / 1000) * 1000 - 2 * 86_400_000;

let folder: string;
let logGroups: LocalLogGroups;
let failures: unknown[];
let server: ServiceServer;
let logs: CloudWatchLogsClient;
const opened: { close(): unknown }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "opentrail-logs-"));
  logGroups = new LocalLogGroups(folder, systemClock);
  failures = [];
  server = await serve();
  logs = client();
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  logGroups.close();
  await rm(folder, { recursive: true });
});

describe("log groups", () => {
  test("a group that was made is described with both forms of its ARN", async () => {
    const described = await logs.send(new DescribeLogGroupsCommand({}));

    expect(described.logGroups).toEqual([
      {
        logGroupName: group,
        arn: `${groupArn}:*`,
        logGroupArn: groupArn,
        creationTime: expect.any(Number),
        metricFilterCount: 0,
        storedBytes: 0,
        logGroupClass: "STANDARD",
      },
    ]);
  });

  test("a group is made once and deleted with all that is in it", async () => {
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName: group }))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
    });

    await logs.send(new DeleteLogGroupCommand({ logGroupName: group }));

    expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
    await expect(logs.send(new DeleteLogGroupCommand({ logGroupName: group }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log group does not exist.",
    });
  });

  test("groups are found by a prefix or a pattern, not both, in pages and in order", async () => {
    for (const logGroupName of ["/aws/b", "/aws/a", "/aws/c", "other"]) {
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
    }
    const both = { logGroupNamePrefix: "/aws/", logGroupNamePattern: "b" };

    const names: (string | undefined)[] = [];
    const pages = paginateDescribeLogGroups({ client: logs, pageSize: 2 }, { logGroupNamePrefix: "/aws/" });
    for await (const page of pages) names.push(...(page.logGroups ?? []).map((each) => each.logGroupName));
    const patterned = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: "the" }));

    expect(names).toEqual(["/aws/a", "/aws/b", "/aws/c"]);
    expect(patterned.logGroups?.map((each) => each.logGroupName)).toEqual(["other"]);
    await expect(logs.send(new DescribeLogGroupsCommand(both))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("a retention is kept until it is deleted, and has to be one of CloudWatch Logs'", async () => {
    const retention = async () =>
      (await logs.send(new DescribeLogGroupsCommand({}))).logGroups?.[0]?.retentionInDays;
    const putRetention = (retentionInDays: number, logGroupName = group) =>
      logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));

    await putRetention(14);
    const kept = await retention();
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: group }));

    expect([kept, await retention()]).toEqual([14, undefined]);
    await expect(putRetention(2)).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(putRetention(1, "gone")).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  test("groups belong to an account and a region", async () => {
    const elsewhere = client({}, await serve({ region: "eu-west-1" }));
    const others = client({}, await serve({ accountId: "444455556666" }));

    await others.send(new CreateLogGroupCommand({ logGroupName: group }));

    expect((await elsewhere.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
    expect((await others.send(new DescribeLogGroupsCommand({}))).logGroups).toHaveLength(1);
  });
});

describe("log streams", () => {
  const order = async (
    input: {
      orderBy?: "LogStreamName" | "LastEventTime";
      descending?: boolean;
      logStreamNamePrefix?: string;
    } = {},
  ): Promise<readonly (string | undefined)[]> => {
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group, ...input }));
    return (logStreams ?? []).map(({ logStreamName }) => logStreamName);
  };

  test("a stream is described with its ARN and the times of its events", async () => {
    await put([start, "first"], [start + 1000, "last"]);

    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));

    expect(logStreams).toEqual([
      {
        logStreamName: stream,
        arn: `${groupArn}:log-stream:${stream}`,
        creationTime: expect.any(Number),
        firstEventTimestamp: start,
        lastEventTimestamp: start + 1000,
        lastIngestionTime: expect.any(Number),
        storedBytes: 0,
      },
    ]);
  });

  test("streams come by name or by their last event, either way round", async () => {
    for (const [name, time] of [
      ["a", 3000],
      ["b", 1000],
      ["c", 2000],
    ] as const) {
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: name }));
      await put([start + time, "x"], name);
    }
    await put([start, "x"]);

    expect(await order()).toEqual([stream, "a", "b", "c"]);
    expect(await order({ descending: true })).toEqual(["c", "b", "a", stream]);
    expect(await order({ orderBy: "LastEventTime" })).toEqual([stream, "b", "c", "a"]);
    expect(await order({ orderBy: "LastEventTime", descending: true })).toEqual(["a", "c", "b", stream]);
    expect(await order({ logStreamNamePrefix: "111122223333_" })).toEqual([stream]);
    await expect(order({ orderBy: "LastEventTime", logStreamNamePrefix: "a" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("a group may be named by its ARN, and has to be named once", async () => {
    const input = { logGroupIdentifier: `${groupArn}:*` };

    const { logStreams } = await logs.send(new DescribeLogStreamsCommand(input));

    expect(logStreams).toHaveLength(1);
    await expect(logs.send(new DescribeLogStreamsCommand({}))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await expect(
      logs.send(new DescribeLogStreamsCommand({ ...input, logGroupName: group })),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  test("streams come in pages, and a token that was never given is refused", async () => {
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: "z" }));
    const page = (nextToken?: string) =>
      logs.send(new DescribeLogStreamsCommand({ logGroupName: group, limit: 1, nextToken }));

    const first = await page();
    const second = await page(first.nextToken);

    expect(first.logStreams?.[0]?.logStreamName).toBe(stream);
    expect(second).toMatchObject({ logStreams: [{ logStreamName: "z" }] });
    expect(second).not.toHaveProperty("nextToken");
    await expect(page("never-given")).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  test("a stream is made once, in a group that is there", async () => {
    const again = new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream });
    const nowhere = new CreateLogStreamCommand({ logGroupName: "none", logStreamName: stream });

    await expect(logs.send(again)).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
    await expect(logs.send(nowhere)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("PutLogEvents", () => {
  test("events that are too old or too new are refused and told by index", async () => {
    const hour = 3_600_000;
    const oldest = Date.now() - 14 * 24 * hour;
    const newest = Date.now() + 2 * hour;

    const old = await put([oldest - 2, "old"], [oldest - 1, "old"], [oldest + hour, "taken"]);
    const young = await put([newest - hour, "taken"], [newest + hour, "new"]);

    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2 });
    expect(young.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect(messages(await get())).toEqual(["taken", "taken"]);
  });

  test("a batch is in time order, within 24 hours and 1,048,576 bytes", async () => {
    const day = 86_400_000;
    const full = "x".repeat(1_048_576 - 26);

    const taken = await put([start, full]);

    expect(taken.rejectedLogEventsInfo).toBeUndefined();
    for (const batch of [
      [
        [start + 1, "x"],
        [start, "x"],
      ],
      [
        [start, "x"],
        [start + day + 1, "x"],
      ],
      [[start, `${full}x`]],
    ] satisfies Event[][]) {
      await expect(put(...batch)).rejects.toMatchObject({ name: "InvalidParameterException" });
    }
  });

  test("a batch of the largest size is taken however long its JSON is", async () => {
    const message = "\u0001".repeat(1_048_576 - 26);

    await put([start, message]);

    expect((await get()).events?.[0]?.message).toBe(message);
  });

  test("the stream has to be there", async () => {
    await expect(put([start, "x"], "none")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The specified log stream does not exist.",
    });
  });

  test.each([
    ["no events", { logEvents: [] }],
    ["an empty message", { logEvents: [{ timestamp: start, message: "" }] }],
    ["a name with a star", { logStreamName: "a*", logEvents: [{ timestamp: start, message: "x" }] }],
  ])("%s is refused", async (_what, input) => {
    const command = new PutLogEventsCommand({ logGroupName: group, logStreamName: stream, ...input });

    await expect(logs.send(command)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringContaining("1 validation error detected"),
    });
  });
});

describe("GetLogEvents", () => {
  const ten: readonly Event[] = Array.from({ length: 10 }, (_, index) => [
    start + index * 1000,
    `event ${index}`,
  ]);

  test("without startFromHead the latest events come, in order", async () => {
    await put(...ten);

    const latest = await get({ limit: 3 });

    expect(messages(latest)).toEqual(["event 7", "event 8", "event 9"]);
    expect(latest.events?.[0]).toEqual({
      timestamp: start + 7000,
      message: "event 7",
      ingestionTime: expect.any(Number),
    });
  });

  test("forward tokens go through everything once and then come back as they were", async () => {
    await put(...ten);

    const { pages, last } = await follow("nextForwardToken", { startFromHead: true, limit: 4 });

    expect(pages.map((page) => page.length)).toEqual([4, 4, 2, 0]);
    expect(pages.flat()).toEqual(ten.map(([, message]) => message));
    await put([start + 60_000, "later"]);
    expect(messages(await get({ nextToken: last, startFromHead: true }))).toEqual(["later"]);
  });

  test("backward tokens go through everything once and then come back as they were", async () => {
    await put(...ten);

    const { pages } = await follow("nextBackwardToken", { limit: 4 });

    expect(pages.map((page) => page.length)).toEqual([4, 4, 2, 0]);
    expect(pages.toReversed().flat()).toEqual(ten.map(([, message]) => message));
  });

  test("a page's tokens lead to its neighbours on both sides", async () => {
    await put(...ten);
    const first = await get({ startFromHead: true, limit: 3 });

    const second = await get({ nextToken: first.nextForwardToken, startFromHead: true, limit: 3 });
    const back = await get({ nextToken: second.nextBackwardToken, startFromHead: true, limit: 3 });

    expect(messages(second)).toEqual(["event 3", "event 4", "event 5"]);
    expect(messages(back)).toEqual(messages(first));
  });

  test("events of one millisecond are neither lost nor doubled between pages", async () => {
    await put(...Array.from({ length: 7 }, (_, index): Event => [start, `same ${index}`]));

    const { pages } = await follow("nextForwardToken", { startFromHead: true, limit: 2 });

    expect(pages.flat()).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `same ${index}`));
  });

  test("startTime is part of the range, endTime is not", async () => {
    await put(...ten);
    const range = { startTime: start + 2000, endTime: start + 6000 };

    const head = await follow("nextForwardToken", { ...range, startFromHead: true, limit: 3 });
    const tail = await follow("nextBackwardToken", { ...range, limit: 3 });

    expect(head.pages).toEqual([["event 2", "event 3", "event 4"], ["event 5"], []]);
    expect(tail.pages).toEqual([["event 3", "event 4", "event 5"], ["event 2"], []]);
  });

  test("an answer holds at most 1 MB of messages, but always an event", async () => {
    const large = "x".repeat(400_000);
    for (const index of [0, 1, 2, 3]) await put([start + index, `${index}${large}`]);
    await put([start + 4, "4".repeat(1_048_576 - 26)]);

    const forward = await follow("nextForwardToken", { startFromHead: true });
    const backward = await follow("nextBackwardToken");

    const firsts = (pages: readonly (readonly string[])[]): string[][] =>
      pages.map((page) => page.map((message) => message.slice(0, 1)));
    expect(firsts(forward.pages)).toEqual([["0", "1"], ["2", "3"], ["4"], []]);
    expect(firsts(backward.pages)).toEqual([["4"], ["2", "3"], ["0", "1"], []]);
  });

  test("an empty stream gives tokens that find what comes later", async () => {
    const empty = await get();

    await put([start, "first"]);

    expect(empty.events).toEqual([]);
    expect(messages(await get({ nextToken: empty.nextForwardToken }))).toEqual(["first"]);
    expect(messages(await get({ nextToken: empty.nextBackwardToken }))).toEqual(["first"]);
  });

  test("more events than are read at once come in one answer", async () => {
    const many = Array.from({ length: 250 }, (_, index): Event => [start + index, `${index}`]);
    await put(...many);

    expect(messages(await get({ startFromHead: true }))).toEqual(many.map(([, message]) => message));
    expect(messages(await get())).toEqual(many.map(([, message]) => message));
  });

  test.each([{ nextToken: "f/1" }, { limit: 0 }, { limit: 10_001 }])("%j is refused", async (input) => {
    await expect(get(input)).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  test("group and stream have to be there", async () => {
    await expect(get({ logGroupName: "none" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(get({ logStreamName: "none" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("the rest", () => {
  test("what is not there of CloudWatch Logs is an unknown operation, and is named", async () => {
    await expect(logs.send(new DescribeMetricFiltersCommand({}))).rejects.toMatchObject({
      name: "UnknownOperationException",
      message: expect.stringContaining("DescribeMetricFilters"),
    });
  });

  test("a fault of the host is an InternalFailure to the caller and is reported with its cause", async () => {
    const cause = new Error("disk is gone");
    logGroups.logGroups = async () => {
      throw cause;
    };

    await expect(logs.send(new DescribeLogGroupsCommand({}))).rejects.toMatchObject({
      name: "InternalFailure",
    });

    expect(failures).toEqual([cause]);
  });
});

type Event = readonly [timestamp: number, message: string];

async function serve(caller: Partial<Caller> = {}): Promise<ServiceServer> {
  const api = makeLogsApi({ logGroups, reportFailure: (error) => failures.push(error) });
  const started = await serveService(api, () => caller);
  opened.push(started);
  return started;
}

function client(config: CloudWatchLogsClientConfig = {}, { endpoint } = server): CloudWatchLogsClient {
  const credentials = { accessKeyId: "111122223333", secretAccessKey: "secret" };
  const made = new CloudWatchLogsClient({
    region: "us-east-1",
    endpoint,
    credentials,
    maxAttempts: 1,
    ...config,
  });
  opened.push({ close: () => made.destroy() });
  return made;
}

/** Puts events, into another stream if the last argument names one. */
async function put(...args: readonly (Event | string)[]) {
  const name = args.find((arg) => typeof arg === "string") ?? stream;
  const logEvents = args
    .filter((arg) => typeof arg !== "string")
    .map(([timestamp, message]) => ({ timestamp, message }));
  return logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName: name, logEvents }));
}

type Asked = Partial<GetLogEventsCommandInput>;

function get(input: Asked = {}): Promise<GetLogEventsCommandOutput> {
  return logs.send(new GetLogEventsCommand({ logGroupName: group, logStreamName: stream, ...input }));
}

function messages({ events = [] }: GetLogEventsCommandOutput): readonly string[] {
  return events.map(({ message = "" }) => message);
}

/** Follows tokens of one kind until one comes back: the messages of each page, and that token. */
async function follow(
  kind: "nextForwardToken" | "nextBackwardToken",
  input: Asked = {},
): Promise<{ readonly pages: readonly (readonly string[])[]; readonly last: string | undefined }> {
  const pages: (readonly string[])[] = [];
  let token: string | undefined;
  for (;;) {
    const page = await get({ ...input, ...(token === undefined ? {} : { nextToken: token }) });
    pages.push(messages(page));
    if (page[kind] === token) return { pages, last: token };
    token = page[kind];
  }
}
