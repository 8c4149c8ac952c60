import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
  type RejectedLogEventsInfo,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { cloudWatchLogGroups } from "../../../../shared/adapters/aws/log-groups.ts";
import { LogGroupNotFound } from "../../../../shared/ports/log-groups.ts";

const logs = mockClient(CloudWatchLogsClient);
const events = Array.from({ length: 10 }, (_, timestamp) => ({ timestamp, message: `${timestamp}` }));
const notFound = new ResourceNotFoundException({ message: "not there", $metadata: {} });

beforeEach(() => logs.reset());

const groups = () => cloudWatchLogGroups(() => new CloudWatchLogsClient({}));

describe("putting log events", () => {
  it.each<[string, RejectedLogEventsInfo, object]>([
    ["nothing", {}, { tooOld: 0, tooNew: 0, expired: 0 }],
    ["the first three", { tooOldLogEventEndIndex: 3 }, { tooOld: 3, tooNew: 0, expired: 0 }],
    ["the last two", { tooNewLogEventStartIndex: 8 }, { tooOld: 0, tooNew: 2, expired: 0 }],
    ["all as too new", { tooNewLogEventStartIndex: 0 }, { tooOld: 0, tooNew: 10, expired: 0 }],
    [
      "old ones, and more that the group's retention ends before",
      { tooOldLogEventEndIndex: 2, expiredLogEventEndIndex: 5 },
      { tooOld: 2, tooNew: 0, expired: 3 },
    ],
    [
      "old ones, which the retention would have kept",
      { tooOldLogEventEndIndex: 4, expiredLogEventEndIndex: 1 },
      { tooOld: 4, tooNew: 0, expired: 0 },
    ],
  ])("each refused event is counted once: %s", async (_, rejectedLogEventsInfo, counts) => {
    logs.on(PutLogEventsCommand).resolves({ rejectedLogEventsInfo });

    expect(await groups().putLogEvents("group", "stream", events)).toEqual(counts);
  });

  it("a stream that somebody else makes at the same time is used", async () => {
    logs.on(PutLogEventsCommand).rejectsOnce(notFound).resolves({});
    logs
      .on(CreateLogStreamCommand)
      .rejects(new ResourceAlreadyExistsException({ message: "there", $metadata: {} }));

    await groups().putLogEvents("group", "stream", events);

    expect(logs.commandCalls(PutLogEventsCommand)).toHaveLength(2);
  });

  it("a group that is not there shows when the stream is made", async () => {
    logs.on(PutLogEventsCommand).rejects(notFound);
    logs.on(CreateLogStreamCommand).rejects(notFound);

    await expect(groups().putLogEvents("group", "stream", events)).rejects.toBeInstanceOf(LogGroupNotFound);
    expect(logs.commandCalls(PutLogEventsCommand)).toHaveLength(1);
  });

  it("throttling is neither: it is thrown as it is", async () => {
    const throttled = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
    logs.on(PutLogEventsCommand).rejects(throttled);

    await expect(groups().putLogEvents("group", "stream", events)).rejects.toBe(throttled);
  });

  it("a group given by its ARN is written to in the ARN's region, by its name", async () => {
    const regions: (string | undefined)[] = [];
    logs.on(PutLogEventsCommand).resolves({});
    const regional = cloudWatchLogGroups((region) => {
      regions.push(region);
      return new CloudWatchLogsClient({});
    });

    await regional.putLogEvents("arn:aws:logs:eu-west-1:111122223333:log-group:/a/b:*", "stream", events);
    await regional.putLogEvents("/a/b", "stream", events);

    expect(regions).toEqual(["eu-west-1", undefined]);
    const names = logs.commandCalls(PutLogEventsCommand).map(({ args }) => args[0].input.logGroupName);
    expect(names).toEqual(["/a/b", "/a/b"]);
  });
});

it("a group exists only under its whole name", async () => {
  logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [{ logGroupName: "audit-2" }] });

  expect(await groups().groupExists("audit")).toBe(false);
});

it("a group given by its ARN exists only in the ARN's account, which CloudWatch Logs is not asked for", async () => {
  const arn = (accountId: string) => `arn:aws:logs:us-east-1:${accountId}:log-group:audit:*`;
  logs.on(DescribeLogGroupsCommand).resolves({
    logGroups: [{ logGroupName: "audit", arn: arn("111122223333") }],
  });

  const exist = [
    await groups().groupExists(arn("111122223333")),
    await groups().groupExists(arn("444455556666")),
    await groups().groupExists("audit"),
  ];

  expect(exist).toEqual([true, false, true]);
});
