import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import { describeWithAwsCliV2 } from "../support/aws-cli.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";

// Each command is a Python process of a second or more, and a test has a dozen.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const ACCOUNT = "111122223333";
const GROUP_ARN = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:trail:*`;

describeWithAwsCliV2("version 2 of the AWS CLI", (aws, start) => {
  let host: TestHost;

  /** What a command prints; it must succeed. */
  async function run(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await aws(host.endpoint, args);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    return stdout;
  }

  beforeAll(async () => {
    host = await startTestHost({ intercept: { eventBus: () => new MemoryEventBus() } });
    await run("s3", "mb", "s3://cli-v2-logs");
    await run("logs", "create-log-group", "--log-group-name", "trail");
    await run(
      ...["cloudtrail", "create-trail", "--name", "main", "--s3-bucket-name", "cli-v2-logs"],
      ...["--is-multi-region-trail", "--cloud-watch-logs-log-group-arn", GROUP_ARN],
      ...["--cloud-watch-logs-role-arn", `arn:aws:iam::${ACCOUNT}:role/CloudTrailToLogs`],
    );
    await run("cloudtrail", "start-logging", "--name", "main");
  });

  afterAll(() => host.remove());

  test("tails a log group, whole and with a filter pattern", async () => {
    const tail = (...args: readonly string[]) => run("logs", "tail", "trail", "--since", "1h", ...args);

    await expect.poll(() => tail(), { timeout: 10_000 }).toContain('"eventName":"StartLogging"');
    const other = await tail("--filter-pattern", '{ $.eventName = "DeleteTrail" }');
    const short = await tail("--format", "short", "--filter-pattern", '{ $.eventName = "StartLogging" }');

    expect(other).toBe("");
    expect(short).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+ \{"eventVersion"/);
  });

  test("follows a log group as events arrive", async () => {
    const following = start(host.endpoint, ["logs", "tail", "trail", "--follow", "--since", "1m"]);
    let printed = "";
    following.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });

    await expect.poll(() => printed, { timeout: 15_000 }).toContain("StartLogging");
    await run("cloudtrail", "get-event-selectors", "--trail-name", "main");

    await expect.poll(() => printed, { timeout: 15_000 }).toContain("GetEventSelectors");
    following.kill("SIGTERM");
  });

  test("pages through the event history by itself, and prints times in ISO 8601", async () => {
    for (let call = 0; call < 4; call += 1) await run("cloudtrail", "list-trails");
    const lookUp = async (...args: readonly string[]) =>
      JSON.parse(await run("cloudtrail", "lookup-events", ...args));
    const ofListTrails = ["--lookup-attributes", "AttributeKey=EventName,AttributeValue=ListTrails"];

    await expect
      .poll(async () => (await lookUp(...ofListTrails, "--page-size", "1")).Events.length, {
        timeout: 10_000,
      })
      .toBe(4);
    const { Events, NextToken } = await lookUp(...ofListTrails, "--max-items", "3");
    const rest = await lookUp(...ofListTrails, "--starting-token", NextToken);

    expect(Events).toHaveLength(3);
    expect(rest.Events).toHaveLength(1);
    expect(Events[0].EventTime).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test("reads back what was delivered, and how", async () => {
    await expect
      .poll(() => run("s3", "ls", "--recursive", "s3://cli-v2-logs"), { timeout: 10_000 })
      .toMatch(/AWSLogs\/111122223333\/CloudTrail\/us-east-1\/.*\.json\.gz/);

    const status = JSON.parse(await run("cloudtrail", "get-trail-status", "--name", "main"));
    const described = JSON.parse(await run("cloudtrail", "describe-trails"));

    expect(status).toMatchObject({ IsLogging: true, LatestDeliveryTime: expect.stringMatching(/^\d{4}-/) });
    expect(described.trailList).toMatchObject([{ Name: "main", CloudWatchLogsLogGroupArn: GROUP_ARN }]);
  });

  test("makes topics, subscribes to them and publishes", async () => {
    const { TopicArn } = JSON.parse(
      await run("sns", "create-topic", "--name", "news", "--tags", "Key=a,Value=b"),
    );
    const subscribed = await run(
      ...["sns", "subscribe", "--topic-arn", TopicArn, "--protocol", "http"],
      ...["--notification-endpoint", "http://127.0.0.1:9/", "--attributes", "RawMessageDelivery=true"],
    );
    const published = await run("sns", "publish", "--topic-arn", TopicArn, "--message", "hello");
    const topics = await run("sns", "list-topics");
    const attributes = await run("sns", "get-topic-attributes", "--topic-arn", TopicArn);
    const { exitCode, stderr } = await aws(host.endpoint, [
      ...["cloudtrail", "update-trail", "--name", "main", "--sns-topic-name", "news"],
    ]);

    expect(JSON.parse(subscribed)).toEqual({ SubscriptionArn: "pending confirmation" });
    expect(JSON.parse(published)).toEqual({ MessageId: expect.any(String) });
    expect(JSON.parse(topics)).toEqual({ Topics: [{ TopicArn }] });
    expect(JSON.parse(attributes).Attributes).toMatchObject({ TopicArn, SubscriptionsPending: "1" });
    expect(exitCode).toBe(254);
    expect(stderr).toContain(
      "(InsufficientSnsTopicPolicyException) when calling the UpdateTrail operation: SNS Topic does not exist or the topic policy is incorrect!",
    );
  });
});
