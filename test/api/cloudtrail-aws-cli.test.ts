import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import { describeWithAwsCli } from "../support/aws-cli.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ACCOUNT = "111122223333";
const arn = (name: string): string => `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${name}`;

/** Advanced selectors as the put-event-selectors page has them. */
const ADVANCED = [
  {
    Name: "Log all management events",
    FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }],
  },
  {
    Name: "Log PutObject and DeleteObject events for all but one bucket",
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Data"] },
      { Field: "resources.type", Equals: ["AWS::S3::Object"] },
      { Field: "eventName", Equals: ["PutObject", "DeleteObject"] },
      { Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::sample_bucket_name/"] },
    ],
  },
  {
    Name: "Log data events for a specific Lambda function",
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Data"] },
      { Field: "resources.type", Equals: ["AWS::Lambda::Function"] },
      { Field: "resources.ARN", Equals: [`arn:aws:lambda:us-east-1:${ACCOUNT}:function:myFunction`] },
    ],
  },
  {
    Name: "Log all Publish API calls on a specific SNS topic",
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Data"] },
      { Field: "resources.type", Equals: ["AWS::SNS::Topic"] },
      { Field: "eventName", Equals: ["Publish"] },
      { Field: "resources.ARN", Equals: [`arn:aws:sns:us-east-1:${ACCOUNT}:myTopic.fifo`] },
    ],
  },
];

/** Basic selectors as that page has them. */
const basic = (objects: readonly string[], functions: readonly string[]) => [
  {
    ReadWriteType: "All",
    IncludeManagementEvents: true,
    DataResources: [
      { Type: "AWS::S3::Object", Values: objects },
      { Type: "AWS::Lambda::Function", Values: functions },
    ],
  },
];

const MEMBER = "444455556666";

describeWithAwsCli("an organization's trail", (aws) => {
  let host: TestHost;

  beforeAll(async () => {
    host = await startTestHost({
      digestInterval: 1_000,
      organization: { id: "o-exampleorgid", managementAccountId: ACCOUNT, memberAccountIds: [MEMBER] },
    });
  });

  afterAll(() => host.remove());

  test("a member's log files under the organization's id are found valid by validate-logs", async () => {
    const call = (...args: readonly string[]) => aws(host.endpoint, args);
    const startTime = new Date(Date.now() - 60_000).toISOString();
    await call("s3", "mb", "s3://organization-logs");
    await call(
      ...["cloudtrail", "create-trail", "--name", "organization", "--s3-bucket-name", "organization-logs"],
      ...["--is-multi-region-trail", "--is-organization-trail", "--enable-log-file-validation"],
    );
    await call("cloudtrail", "start-logging", "--name", "organization");
    await aws(host.endpoint, ["cloudtrail", "list-trails"], { AWS_ACCESS_KEY_ID: MEMBER });

    const validate = () =>
      call(
        ...["cloudtrail", "validate-logs", "--trail-arn", arn("organization")],
        ...["--account-id", MEMBER, "--start-time", startTime],
      );

    await expect
      .poll(async () => (await validate()).stdout, { timeout: 25_000, interval: 500 })
      .toMatch(/([1-9]\d*)\/\1 digest files valid\n([1-9]\d*)\/\2 log files valid/);
  });
});

// The examples of the AWS CLI's pages, in the order in which one would type them:
// https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/
describeWithAwsCli("the examples of the AWS CLI's pages", (aws) => {
  let host: TestHost;

  beforeAll(async () => {
    // Without rules: the remediation of the host would start a stopped trail again.
    host = await startTestHost({ intercept: { eventBus: () => new MemoryEventBus() } });
    for (const bucket of ["my-bucket", "my-other-bucket"]) {
      await aws(host.endpoint, ["s3", "mb", `s3://${bucket}`]);
    }
  });

  afterAll(() => host.remove());

  async function cloudtrail(...args: readonly string[]) {
    const { exitCode, stdout, stderr } = await aws(host.endpoint, ["cloudtrail", ...args]);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    return stdout === "" ? undefined : JSON.parse(stdout);
  }

  async function refusal(...args: readonly string[]): Promise<string> {
    const { stderr } = await aws(host.endpoint, ["cloudtrail", ...args]);
    return stderr.trim();
  }

  test("create-trail and update-trail", async () => {
    const made = await cloudtrail("create-trail", "--name", "Trail1", "--s3-bucket-name", "my-bucket");
    const updated = await cloudtrail(
      "update-trail",
      ...["--name", "Trail1", "--s3-bucket-name", "my-other-bucket", "--is-multi-region-trail"],
    );

    expect(made).toEqual({
      Name: "Trail1",
      S3BucketName: "my-bucket",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      TrailARN: arn("Trail1"),
      LogFileValidationEnabled: false,
      IsOrganizationTrail: false,
    });
    expect(updated).toEqual({ ...made, S3BucketName: "my-other-bucket", IsMultiRegionTrail: true });
  });

  test("describe-trails", async () => {
    const answer = await cloudtrail("describe-trails", "--trail-name-list", "Trail1", "Trail2");

    expect(answer.trailList).toMatchObject([{ Name: "Trail1", HomeRegion: "us-east-1" }]);
  });

  test("start-logging, get-trail-status and stop-logging", async () => {
    await cloudtrail("start-logging", "--name", "Trail1");
    const started = await cloudtrail("get-trail-status", "--name", "Trail1");
    await cloudtrail("stop-logging", "--name", "Trail1");
    const stopped = await cloudtrail("get-trail-status", "--name", arn("Trail1"));

    expect(started).toMatchObject({ IsLogging: true, TimeLoggingStarted: expect.stringMatching(/Z$/) });
    expect(stopped).toMatchObject({ IsLogging: false, TimeLoggingStopped: expect.stringMatching(/Z$/) });
  });

  test("add-tags, list-tags and remove-tags", async () => {
    const resource = ["--resource-id", arn("Trail1")];

    await cloudtrail("add-tags", ...resource, "--tags-list", "Key=name,Value=Alice", "Key=location,Value=us");
    const tags = await cloudtrail("list-tags", "--resource-id-list", arn("Trail1"));
    await cloudtrail("remove-tags", ...resource, "--tags-list", "Key=name", "Key=location");
    const none = await cloudtrail("list-tags", "--resource-id-list", arn("Trail1"));

    expect(tags.ResourceTagList).toEqual([
      {
        ResourceId: arn("Trail1"),
        TagsList: [
          { Key: "name", Value: "Alice" },
          { Key: "location", Value: "us" },
        ],
      },
    ]);
    expect(none.ResourceTagList).toEqual([{ ResourceId: arn("Trail1"), TagsList: [] }]);
  });

  test("put-event-selectors with advanced and with basic selectors, and get-event-selectors", async () => {
    const put = (option: string, selectors: unknown) =>
      cloudtrail("put-event-selectors", "--trail-name", "Trail1", option, JSON.stringify(selectors));
    const some = basic(
      ["arn:aws:s3:::mybucket/prefix", "arn:aws:s3:::mybucket2/prefix2"],
      ["arn:aws:lambda:us-west-2:999999999999:function:hello-world-python-function"],
    );
    const all = basic(["arn:aws:s3"], ["arn:aws:lambda"]);

    const advanced = await put("--advanced-event-selectors", ADVANCED);
    const ofSome = await put("--event-selectors", some);
    const ofAll = await put("--event-selectors", all);
    const read = await cloudtrail("get-event-selectors", "--trail-name", "Trail1");

    expect(advanced).toEqual({ TrailARN: arn("Trail1"), AdvancedEventSelectors: ADVANCED });
    expect(ofSome.EventSelectors).toMatchObject(some);
    expect(ofAll.EventSelectors).toMatchObject(all);
    expect(read).toEqual(ofAll);
  });

  test("put-insight-selectors and get-insight-selectors", async () => {
    const selectors = [{ InsightType: "ApiCallRateInsight" }, { InsightType: "ApiErrorRateInsight" }];

    const without = await refusal("get-insight-selectors", "--trail-name", "Trail1");
    await cloudtrail(
      "put-insight-selectors",
      ...["--trail-name", "Trail1", "--insight-selectors", JSON.stringify(selectors)],
    );
    const read = await cloudtrail("get-insight-selectors", "--trail-name", "Trail1");

    expect(without).toContain(
      `An error occurred (InsightNotEnabledException) when calling the GetInsightSelectors operation: Trail ${arn("Trail1")} does not have Insights enabled.`,
    );
    expect(read).toEqual({ TrailARN: arn("Trail1"), InsightSelectors: selectors });
  });

  test("a channel with a policy, and an event through it", async () => {
    const destination = `Type=EVENT_DATA_STORE,Location=arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/none`;
    const eventData = JSON.stringify({
      version: "1.0",
      userIdentity: { type: "User", principalId: "alice" },
      eventSource: "shop.example.com",
      eventName: "RefundOrder",
      eventTime: new Date().toISOString(),
      UID: "order-1",
    });

    const { ChannelArn } = await cloudtrail(
      "create-channel",
      ...["--name", "applications", "--source", "Custom", "--destinations", destination],
    );
    const listed = await cloudtrail("list-channels");
    const put = await aws(host.endpoint, [
      ...["cloudtrail-data", "put-audit-events", "--channel-arn", ChannelArn],
      ...["--audit-events", JSON.stringify([{ id: "1", eventData }])],
    ]);
    const noPolicy = await refusal("get-resource-policy", "--resource-arn", ChannelArn);
    await cloudtrail("delete-channel", "--channel", ChannelArn);

    expect(listed.Channels).toEqual([{ ChannelArn, Name: "applications" }]);
    expect(JSON.parse(put.stdout)).toMatchObject({ successful: [{ id: "1" }], failed: [] });
    expect(noPolicy).toContain("(ResourcePolicyNotFoundException)");
  });

  test("list-public-keys and lookup-events", async () => {
    const keys = await cloudtrail("list-public-keys", "--start-time", new Date().toISOString());
    const lookUp = () =>
      cloudtrail(
        "lookup-events",
        ...[
          "--lookup-attributes",
          "AttributeKey=EventName,AttributeValue=CreateTrail",
          "--max-results",
          "10",
        ],
      );

    await expect.poll(async () => (await lookUp()).Events.length, { timeout: 10_000 }).toBe(1);
    expect(keys).toHaveProperty("PublicKeyList");
  });

  test("create-subscription, with a new bucket and a new topic, and update-subscription", async () => {
    const folder = temporaryFolder();
    const policyFile = (name: string, Action: string, Resource: string): string => {
      const statement = {
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action,
        Resource,
      };
      const file = path.join(folder.path, name);
      writeFileSync(file, JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));
      return `file://${file}`;
    };
    const topic = `arn:aws:sns:us-east-1:${ACCOUNT}:subscribed-topic`;

    const made = await aws(host.endpoint, [
      ...["cloudtrail", "create-subscription", "--name", "subscribed"],
      ...["--s3-new-bucket", "subscribed-logs", "--sns-new-topic", "subscribed-topic"],
      ...["--s3-custom-policy", policyFile("bucket", "s3:PutObject", "arn:aws:s3:::subscribed-logs/*")],
      ...["--sns-custom-policy", policyFile("topic", "SNS:Publish", topic)],
    ]);
    const updated = await aws(host.endpoint, [
      ...["cloudtrail", "update-subscription", "--name", "subscribed", "--s3-prefix", "audit"],
    ]);
    const status = () => cloudtrail("get-trail-status", "--name", "subscribed");
    await expect
      .poll(async () => (await status()).LatestNotificationTime, { timeout: 20_000 })
      .toBeGreaterThan(0);
    const described = await cloudtrail("describe-trails", "--trail-name-list", "subscribed");
    await cloudtrail("delete-trail", "--name", "subscribed");
    folder.remove();

    expect([made.exitCode, updated.exitCode]).toEqual([0, 0]);
    expect(made.stdout).toContain("Logs will be delivered to subscribed-logs");
    expect(described.trailList).toMatchObject([
      { S3BucketName: "subscribed-logs", S3KeyPrefix: "audit", SnsTopicARN: topic },
    ]);
  });

  test("delete-trail, and what a second one is told", async () => {
    await cloudtrail("delete-trail", "--name", "Trail1");

    const second = await refusal("delete-trail", "--name", "Trail1");

    expect(second).toContain(
      `An error occurred (TrailNotFoundException) when calling the DeleteTrail operation: Unknown trail: ${arn("Trail1")} for the user: ${ACCOUNT}`,
    );
  });

  test("a name that is too short, and an operation that is not there yet", async () => {
    const short = await refusal("create-trail", "--name", "a", "--s3-bucket-name", "my-bucket");
    const query = await refusal("start-query", "--query-statement", "SELECT eventID FROM events");

    expect(short).toContain(
      "(InvalidTrailNameException) when calling the CreateTrail operation: Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.",
    );
    expect(query).toContain(
      "(UnsupportedOperationException) when calling the StartQuery operation: OpenTrail does not have CloudTrail Lake queries yet: StartQuery is not supported.",
    );
  });
});
