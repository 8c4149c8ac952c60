import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLogGroups } from "../../../shared/adapters/memory/log-groups.ts";
import { MemoryObjectStore } from "../../../shared/adapters/memory/object-store.ts";
import { MemorySettingStore } from "../../../shared/adapters/memory/setting-store.ts";
import { MemorySigningKeys } from "../../../shared/adapters/memory/signing-keys.ts";
import { MemoryTopics } from "../../../shared/adapters/memory/topics.ts";
import { MemoryTrailStore } from "../../../shared/adapters/memory/trail-store.ts";
import { makeCloudTrailApi } from "../../../shared/api/cloudtrail.ts";
import type { Caller } from "../../../shared/api/http.ts";
import { CLOUDTRAIL_MODEL } from "../../../shared/api/service-model.ts";
import type { Ingest, IngestRequest } from "../../../shared/ingest/ingest.ts";
import { BucketAccessDenied } from "../../../shared/ports/object-store.ts";
import type { TrailStore } from "../../../shared/ports/trail-store.ts";
import { cloudTrailRequest, testCaller } from "../../support/api-request.ts";
import { arbitraryInput } from "../../support/arbitrary-input.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const ACCOUNT = "111122223333";
const ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main`;
const LOG_GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:trail:*`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/CloudTrailToLogs`;

interface Settings {
  readonly ingest?: Ingest;
  readonly trails?: TrailStore;
}

function prepare(settings: Settings = {}) {
  const ingested: IngestRequest[] = [];
  const failures: unknown[] = [];
  const trails = settings.trails ?? new MemoryTrailStore();
  const objects = new MemoryObjectStore();
  const logGroups = new MemoryLogGroups();
  const topics = new MemoryTopics();
  const deliveryStatus = new MemoryDeliveryStatus();
  const clock = new MemoryClock(NOW);
  objects.createBucket("logs-bucket");
  logGroups.createGroup("trail");
  const api = makeCloudTrailApi({
    trails,
    settings: new MemorySettingStore(),
    objects,
    logGroups,
    topics,
    deliveryStatus,
    signingKeys: new MemorySigningKeys(clock, 86_400_000),
    clock,
    ingest:
      settings.ingest ??
      (async (request) => {
        ingested.push(request);
        return { accepted: request.records.length, rejected: [] };
      }),
    reportFailure: (error) => failures.push(error),
  });
  async function call(operation: string, input: unknown = {}, caller: Partial<Caller> = {}) {
    const { status, body } = await api(cloudTrailRequest(operation, input), testCaller(caller));
    return { status, ...JSON.parse(String(body)) };
  }
  const records = () =>
    ingested.flatMap((request) => request.records.map((text) => JSON.parse(String(text))));
  return { call, ingested, records, failures, trails, objects, logGroups, topics, deliveryStatus, clock };
}

async function prepareWithTrail(input: object = {}, settings: Settings = {}) {
  const prepared = prepare(settings);
  await prepared.call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket", ...input });
  return prepared;
}

describe("CreateTrail", () => {
  it("answers the settings with AWS's defaults, and nothing that is not set", async () => {
    const { call } = prepare();

    const answer = await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket" });

    expect(answer).toEqual({
      status: 200,
      Name: "main",
      S3BucketName: "logs-bucket",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      TrailARN: ARN,
      LogFileValidationEnabled: false,
      IsOrganizationTrail: false,
    });
  });

  it("takes every setting, and answers names as full ARNs", async () => {
    const topic = `arn:aws:sns:us-east-1:${ACCOUNT}:news`;
    const { call, topics } = prepare();
    topics.createTopic(topic, true);

    const answer = await call("CreateTrail", {
      Name: "main",
      S3BucketName: "logs-bucket",
      S3KeyPrefix: "audit",
      SnsTopicName: "news",
      IsMultiRegionTrail: true,
      EnableLogFileValidation: true,
      CloudWatchLogsLogGroupArn: LOG_GROUP,
      CloudWatchLogsRoleArn: ROLE,
      KmsKeyId: "12345678-1234-1234-1234-123456789012",
    });

    expect(answer).toMatchObject({
      S3KeyPrefix: "audit",
      SnsTopicName: "news",
      SnsTopicARN: topic,
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: true,
      CloudWatchLogsLogGroupArn: LOG_GROUP,
      CloudWatchLogsRoleArn: ROLE,
      KmsKeyId: `arn:aws:kms:us-east-1:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`,
    });
  });

  it("is refused for a bucket that is closed to OpenTrail, as for a bucket policy that leaves CloudTrail out", async () => {
    const { call, objects } = prepare();
    vi.spyOn(objects, "bucketExists").mockRejectedValue(new BucketAccessDenied("logs-bucket"));

    const { __type, message } = await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket" });

    expect(__type).toBe("InsufficientS3BucketPolicyException");
    expect(message).toBe("Incorrect S3 bucket policy is detected for bucket: logs-bucket");
  });

  it.each([
    [{ Name: undefined }, "InvalidTrailNameException", "Trail name cannot be blank!"],
    [{ Name: "" }, "InvalidTrailNameException", "Trail name cannot be blank!"],
    [
      { Name: "a" },
      "InvalidTrailNameException",
      "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.",
    ],
    [{ S3BucketName: undefined }, "InvalidS3BucketNameException", "Bucket name cannot be blank!"],
    [{ S3BucketName: "Bad_Bucket" }, "InvalidS3BucketNameException", "Bucket name is invalid: Bad_Bucket"],
    [{ S3BucketName: "nowhere" }, "S3BucketDoesNotExistException", "S3 bucket nowhere does not exist!"],
    [{ S3KeyPrefix: "x".repeat(201) }, "InvalidS3PrefixException", expect.any(String)],
    [
      { SnsTopicName: "news" },
      "InsufficientSnsTopicPolicyException",
      "SNS Topic does not exist or the topic policy is incorrect!",
    ],
    [{ SnsTopicName: "no topic" }, "InvalidSnsTopicNameException", expect.any(String)],
    [
      { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
      "InvalidParameterCombinationException",
      "Multi-Region trail must include global service events.",
    ],
    [
      { CloudWatchLogsLogGroupArn: LOG_GROUP },
      "InvalidCloudWatchLogsRoleArnException",
      "You must specify a role ARN as well as a log group.",
    ],
    [{ CloudWatchLogsRoleArn: ROLE }, "InvalidCloudWatchLogsLogGroupArnException", expect.any(String)],
    [
      { CloudWatchLogsLogGroupArn: "trail", CloudWatchLogsRoleArn: ROLE },
      "InvalidCloudWatchLogsLogGroupArnException",
      "CloudTrail cannot validate the specified log group ARN.",
    ],
    [
      { CloudWatchLogsLogGroupArn: LOG_GROUP.replace(":trail:", ":gone:"), CloudWatchLogsRoleArn: ROLE },
      "InvalidCloudWatchLogsLogGroupArnException",
      "CloudTrail cannot validate the specified log group ARN.",
    ],
    [{ KmsKeyId: "key" }, "InvalidKmsKeyIdException", expect.any(String)],
    [{ IsOrganizationTrail: true }, "OrganizationsNotInUseException", expect.any(String)],
    [{ TagsList: [{ Key: "a" }, { Key: "a" }] }, "InvalidTagParameterException", expect.any(String)],
    [
      { TagsList: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: "v" })) },
      "TagsLimitExceededException",
      expect.any(String),
    ],
    [
      { TagsList: [{ Value: "v" }] },
      "ValidationException",
      "1 validation error detected: Value null at 'tagsList.1.member.key' failed to satisfy constraint: Member must not be null",
    ],
  ])("refuses %j", async (input, code, message) => {
    const { call, trails } = prepare();

    const answer = await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket", ...input });

    expect(answer).toEqual({ status: 400, __type: code, message });
    expect((await trails.read(ACCOUNT)).trails).toEqual([]);
  });

  it("refuses a name that is taken", async () => {
    const { call } = await prepareWithTrail();

    const answer = await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket" });

    expect(answer).toMatchObject({
      __type: "TrailAlreadyExistsException",
      message: `Trail main already exists for customer: ${ACCOUNT}`,
    });
  });

  it("refuses the sixth trail of a region", async () => {
    const { call } = prepare();
    for (const number of [1, 2, 3, 4, 5]) {
      await call("CreateTrail", { Name: `trail-${number}`, S3BucketName: "logs-bucket" });
    }

    const answer = await call("CreateTrail", { Name: "trail-6", S3BucketName: "logs-bucket" });

    expect(answer.__type).toBe("MaximumNumberOfTrailsExceededException");
  });
});

describe("a trail's topic", () => {
  const topic = `arn:aws:sns:us-east-1:${ACCOUNT}:news`;
  const abroad = "arn:aws:sns:eu-west-1:444455556666:abroad";

  it.each([
    ["news", topic],
    [topic, topic],
    [abroad, abroad],
  ])("given as %s is answered as it was given, and by its ARN", async (SnsTopicName, SnsTopicARN) => {
    const { call, topics } = prepare();
    topics.createTopic(SnsTopicARN, true);

    const created = await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket", SnsTopicName });
    const { trailList } = await call("DescribeTrails");

    expect(created).toMatchObject({ SnsTopicName, SnsTopicARN });
    expect(trailList).toMatchObject([{ SnsTopicName, SnsTopicARN }]);
  });

  it("is sent the validation message when it is set, and not by a call that leaves it as it is", async () => {
    const { call, topics } = await prepareWithTrail();
    topics.createTopic(topic, true);

    await call("UpdateTrail", { Name: "main", SnsTopicName: "news" });
    const kept = await call("UpdateTrail", { Name: "main", S3KeyPrefix: "audit" });

    expect(topics.messages).toEqual([
      { topicArn: topic, trailArn: ARN, message: "CloudTrail validation message." },
    ]);
    expect(kept).toMatchObject({ SnsTopicName: "news", SnsTopicARN: topic });
  });

  it("that does not let CloudTrail publish is refused, and the trail stays as it was", async () => {
    const { call, topics } = await prepareWithTrail();
    topics.createTopic(topic, false);

    const answer = await call("UpdateTrail", { Name: "main", SnsTopicName: "news", S3KeyPrefix: "audit" });

    expect(answer).toEqual({
      status: 400,
      __type: "InsufficientSnsTopicPolicyException",
      message: "SNS Topic does not exist or the topic policy is incorrect!",
    });
    expect((await call("GetTrail", { Name: "main" })).Trail).not.toHaveProperty("S3KeyPrefix");
  });

  it("is sent nothing by a call that is refused for its bucket", async () => {
    const { call, topics } = prepare();
    topics.createTopic(topic, true);

    const { __type } = await call("CreateTrail", {
      Name: "main",
      S3BucketName: "nowhere",
      SnsTopicName: "news",
    });

    expect(__type).toBe("S3BucketDoesNotExistException");
    expect(topics.messages).toEqual([]);
  });

  it.each(["alarms.fifo", "a b", `${topic}.fifo`, `${topic}:extra`, "x".repeat(257)])(
    "cannot be named %s",
    async (SnsTopicName) => {
      const { call } = prepare();

      const answer = await call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket", SnsTopicName });

      expect(answer.__type).toBe("InvalidSnsTopicNameException");
    },
  );

  it("takes the error of the topic before it out of GetTrailStatus, and leaves the times", async () => {
    const { call, clock, deliveryStatus, topics } = await prepareWithTrail();
    topics.createTopic(topic, true);
    await deliveryStatus.report(ARN, "sns", NOW - 2000);
    await deliveryStatus.report(ARN, "sns", NOW - 1000, "AuthorizationError");

    await call("UpdateTrail", { Name: "main", SnsTopicName: "news" });
    const moved = await call("GetTrailStatus", { Name: "main" });
    clock.advance(1000);
    await call("UpdateTrail", { Name: "main", S3KeyPrefix: "audit" });
    await deliveryStatus.report(ARN, "sns", NOW + 500, "NotFound");
    const failed = await call("GetTrailStatus", { Name: "main" });

    expect(moved).not.toHaveProperty("LatestNotificationError");
    expect(moved).toMatchObject({
      LatestNotificationTime: (NOW - 2000) / 1000,
      LatestNotificationAttemptTime: "2026-01-02T03:04:04Z",
    });
    expect(failed.LatestNotificationError).toBe("NotFound");
  });

  it("has its notifications' times and newest error in GetTrailStatus", async () => {
    const { call, deliveryStatus } = await prepareWithTrail();
    await deliveryStatus.report(ARN, "sns", NOW + 1000);
    await deliveryStatus.report(ARN, "sns", NOW + 2000, "AuthorizationError");

    expect(await call("GetTrailStatus", { Name: "main" })).toMatchObject({
      LatestNotificationError: "AuthorizationError",
      LatestNotificationTime: (NOW + 1000) / 1000,
      LatestNotificationAttemptTime: "2026-01-02T03:04:07Z",
      LatestNotificationAttemptSucceeded: "2026-01-02T03:04:06Z",
    });
  });
});

describe("UpdateTrail", () => {
  it("keeps what it is not given and removes what it is given empty", async () => {
    const { call } = await prepareWithTrail({
      S3KeyPrefix: "audit",
      KmsKeyId: "alias/logs",
      CloudWatchLogsLogGroupArn: LOG_GROUP,
      CloudWatchLogsRoleArn: ROLE,
      EnableLogFileValidation: true,
    });

    const answer = await call("UpdateTrail", {
      Name: ARN,
      S3KeyPrefix: "",
      SnsTopicName: "",
      KmsKeyId: "",
      CloudWatchLogsLogGroupArn: "",
      CloudWatchLogsRoleArn: "",
    });
    const { Trail } = await call("GetTrail", { Name: "main" });

    expect(answer).toEqual({
      status: 200,
      Name: "main",
      S3BucketName: "logs-bucket",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      TrailARN: ARN,
      LogFileValidationEnabled: true,
      IsOrganizationTrail: false,
    });
    expect(Trail).not.toHaveProperty("KmsKeyId");
  });

  it("judges combinations by what the trail will be", async () => {
    const { call } = await prepareWithTrail({ IsMultiRegionTrail: true });

    const answer = await call("UpdateTrail", { Name: "main", IncludeGlobalServiceEvents: false });

    expect(answer.__type).toBe("InvalidParameterCombinationException");
  });

  it("widens a trail to all regions unless another region is full", async () => {
    const { call } = await prepareWithTrail();
    for (const number of [1, 2, 3, 4, 5]) {
      await call(
        "CreateTrail",
        { Name: `w-${number}`, S3BucketName: "logs-bucket" },
        { region: "us-west-2" },
      );
    }

    const refused = await call("UpdateTrail", { Name: "main", IsMultiRegionTrail: true });
    await call("DeleteTrail", { Name: "w-1" }, { region: "us-west-2" });
    const widened = await call("UpdateTrail", { Name: "main", IsMultiRegionTrail: true });

    expect(refused.__type).toBe("MaximumNumberOfTrailsExceededException");
    expect(widened).toMatchObject({ status: 200, IsMultiRegionTrail: true });
  });
});

describe("a trail's log group", () => {
  const refusal = {
    status: 400,
    __type: "InvalidCloudWatchLogsLogGroupArnException",
    message: "CloudTrail cannot validate the specified log group ARN.",
  };
  const group = { CloudWatchLogsLogGroupArn: LOG_GROUP, CloudWatchLogsRoleArn: ROLE };

  it("is of the caller's account: CreateTrail and UpdateTrail take no other account's, though it exists", async () => {
    const another = { accountId: "444455556666" };
    const { call, trails } = prepare();
    const made = { Name: "other", S3BucketName: "logs-bucket" };

    const created = await call("CreateTrail", { ...made, ...group }, another);
    await call("CreateTrail", made, another);
    const updated = await call("UpdateTrail", { Name: "other", ...group }, another);

    expect([created, updated]).toEqual([refusal, refusal]);
    const { trails: stored } = await trails.read("444455556666");
    expect(stored).toHaveLength(1);
    expect(stored[0]).not.toHaveProperty("cloudWatchLogsLogGroupArn");
  });

  it("stays as it is where a call does not name it", async () => {
    const { call } = await prepareWithTrail(group);

    const updated = await call("UpdateTrail", { Name: "main", S3KeyPrefix: "audit" });

    expect(updated.CloudWatchLogsLogGroupArn).toBe(LOG_GROUP);
  });
});

describe("a trail's name", () => {
  it.each(["GetTrail", "GetTrailStatus", "StartLogging", "StopLogging", "DeleteTrail", "UpdateTrail"])(
    "may be its ARN in %s",
    async (operation) => {
      const { call } = await prepareWithTrail();

      expect(await call(operation, { Name: ARN })).toMatchObject({ status: 200 });
    },
  );

  it.each([
    [
      "nobody",
      "TrailNotFoundException",
      `Unknown trail: ${ARN.replace("main", "nobody")} for the user: ${ACCOUNT}`,
    ],
    [ARN.replace("main", "nobody"), "TrailNotFoundException", expect.stringContaining("Unknown trail: arn:")],
    [ARN.replace("1111", "4444"), "TrailNotFoundException", expect.any(String)],
    ["arn:aws:s3:::bucket", "CloudTrailARNInvalidException", expect.any(String)],
    ["__proto__", "InvalidTrailNameException", expect.any(String)],
    ["", "InvalidTrailNameException", "Trail name cannot be blank!"],
  ])("%j is answered as AWS does", async (Name, code, message) => {
    const { call } = await prepareWithTrail();

    expect(await call("GetTrailStatus", { Name })).toEqual({ status: 400, __type: code, message });
  });
});

describe("a shadow trail", () => {
  const elsewhere = { region: "eu-west-1" };

  it("shows in other regions by its ARN, and changes at home alone", async () => {
    const { call } = await prepareWithTrail({ IsMultiRegionTrail: true });

    const shown = await call("GetTrail", { Name: ARN }, elsewhere);
    const byName = await call("GetTrail", { Name: "main" }, elsewhere);
    const stopped = await call("StopLogging", { Name: ARN }, elsewhere);

    expect(shown.Trail).toMatchObject({ TrailARN: ARN, HomeRegion: "us-east-1" });
    expect(byName).toMatchObject({
      __type: "TrailNotFoundException",
      message: `Unknown trail: ${ARN.replace("us-east-1", "eu-west-1")} for the user: ${ACCOUNT}`,
    });
    expect(stopped.__type).toBe("InvalidHomeRegionException");
  });

  it("is described unless the call does not want shadow trails", async () => {
    const { call } = await prepareWithTrail({ IsMultiRegionTrail: true });
    await call("CreateTrail", { Name: "local", S3BucketName: "logs-bucket" }, elsewhere);
    const described = async (input: object) =>
      (await call("DescribeTrails", input, elsewhere)).trailList.map(({ Name }: { Name: string }) => Name);

    expect(await described({})).toEqual(["main", "local"]);
    expect(await described({ includeShadowTrails: false })).toEqual(["local"]);
    expect(await described({ trailNameList: [ARN] })).toEqual(["main"]);
    expect(await described({ trailNameList: ["main", "local"] })).toEqual(["local"]);
  });

  it("is none for a single-region trail", async () => {
    const { call } = await prepareWithTrail();

    expect(await call("GetTrail", { Name: ARN }, elsewhere)).toMatchObject({
      __type: "TrailNotFoundException",
    });
    expect((await call("DescribeTrails", {}, elsewhere)).trailList).toEqual([]);
    expect((await call("ListTrails", {}, elsewhere)).Trails).toEqual([
      { TrailARN: ARN, Name: "main", HomeRegion: "us-east-1" },
    ]);
  });
});

describe("DescribeTrails", () => {
  it("answers an empty list for a name that is unknown", async () => {
    const { call } = await prepareWithTrail();

    expect(await call("DescribeTrails", { trailNameList: ["nobody"] })).toEqual({
      status: 200,
      trailList: [],
    });
  });

  it("does not show the trails of another account", async () => {
    const { call } = await prepareWithTrail();

    expect((await call("DescribeTrails", {}, { accountId: "444455556666" })).trailList).toEqual([]);
  });
});

describe("StartLogging and StopLogging", () => {
  it("change nothing when called again", async () => {
    const { call, clock, trails } = await prepareWithTrail();

    await call("StartLogging", { Name: "main" });
    clock.advance(1000);
    const again = await call("StartLogging", { Name: "main" });

    const { version, trails: all } = await trails.read(ACCOUNT);
    expect(again).toEqual({ status: 200 });
    expect(version).toBe(2);
    expect(all[0]).toMatchObject({ isLogging: true, startLoggingTime: NOW });
  });

  it("show in GetTrailStatus beside what became of deliveries", async () => {
    const { call, clock, deliveryStatus } = await prepareWithTrail();
    await call("StartLogging", { Name: "main" });
    await deliveryStatus.report(ARN, "s3", NOW + 1000);
    await deliveryStatus.report(ARN, "s3", NOW + 2000, "NoSuchBucket");
    clock.advance(5000);
    await call("StopLogging", { Name: "main" });

    const status = await call("GetTrailStatus", { Name: "main" });

    expect(status).toEqual({
      status: 200,
      IsLogging: false,
      LatestDeliveryError: "NoSuchBucket",
      LatestDeliveryTime: (NOW + 1000) / 1000,
      StartLoggingTime: NOW / 1000,
      StopLoggingTime: (NOW + 5000) / 1000,
      LatestDeliveryAttemptTime: "2026-01-02T03:04:07Z",
      LatestDeliveryAttemptSucceeded: "2026-01-02T03:04:06Z",
      LatestNotificationAttemptTime: "",
      LatestNotificationAttemptSucceeded: "",
      TimeLoggingStarted: "2026-01-02T03:04:05Z",
      TimeLoggingStopped: "2026-01-02T03:04:10Z",
    });
  });
});

describe("event selectors", () => {
  it("are the default ones of a new trail", async () => {
    const { call } = await prepareWithTrail();

    expect(await call("GetEventSelectors", { TrailName: "main" })).toEqual({
      status: 200,
      TrailARN: ARN,
      EventSelectors: [
        {
          ReadWriteType: "All",
          IncludeManagementEvents: true,
          DataResources: [],
          ExcludeManagementEventSources: [],
        },
      ],
    });
  });

  it("are put, answered with defaults filled in, and show as custom", async () => {
    const { call } = await prepareWithTrail();

    const put = await call("PutEventSelectors", {
      TrailName: "main",
      EventSelectors: [{ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }] }],
    });
    const got = await call("GetEventSelectors", { TrailName: ARN });
    const { Trail } = await call("GetTrail", { Name: "main" });

    expect(put.EventSelectors).toMatchObject([{ ReadWriteType: "All", IncludeManagementEvents: true }]);
    expect(got).toEqual(put);
    expect(Trail.HasCustomEventSelectors).toBe(true);
  });

  it("may be advanced ones", async () => {
    const { call } = await prepareWithTrail();
    const AdvancedEventSelectors = [
      { Name: "all", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
    ];

    const put = await call("PutEventSelectors", { TrailName: "main", AdvancedEventSelectors });

    expect(put).toEqual({ status: 200, TrailARN: ARN, AdvancedEventSelectors });
  });

  it.each([
    [{ EventSelectors: [{ ReadWriteType: "read-only" }] }, /Value read-only for ReadWriteType is invalid/],
    [{ EventSelectors: [null] }, /Member must not be null/],
    [{}, /./],
    [{ AdvancedEventSelectors: [{ FieldSelectors: [] }] }, /greater than or equal to 1/],
  ])("are refused as %j", async (input, message) => {
    const { call } = await prepareWithTrail();

    const answer = await call("PutEventSelectors", { TrailName: "main", ...input });

    expect(answer.__type).toBe("InvalidEventSelectorsException");
    expect(answer.message).toMatch(message);
  });
});

describe("tags", () => {
  it("are given at creation and later, changed, removed and listed", async () => {
    const { call } = await prepareWithTrail({ TagsList: [{ Key: "team", Value: "a" }] });

    await call("AddTags", {
      ResourceId: ARN,
      TagsList: [{ Key: "team", Value: "b" }, { Key: "__proto__", Value: "p" }, { Key: "flag" }],
    });
    const listed = await call("ListTags", { ResourceIdList: [ARN] });
    await call("RemoveTags", { ResourceId: ARN, TagsList: [{ Key: "team" }, { Key: "__proto__" }] });
    const after = await call("ListTags", { ResourceIdList: [ARN] });

    expect(listed.ResourceTagList).toEqual([
      {
        ResourceId: ARN,
        TagsList: [{ Key: "team", Value: "b" }, { Key: "__proto__", Value: "p" }, { Key: "flag" }],
      },
    ]);
    expect(after.ResourceTagList).toEqual([{ ResourceId: ARN, TagsList: [{ Key: "flag" }] }]);
  });

  it.each([
    ["main", "CloudTrailARNInvalidException"],
    [ARN.replace("main", "nobody"), "ResourceNotFoundException"],
    [ARN.replace("trail/main", "channel/x"), "ChannelNotFoundException"],
    [ARN.replace("trail/main", "rule/x"), "ResourceTypeNotSupportedException"],
  ])("of %s are refused", async (ResourceId, code) => {
    const { call } = await prepareWithTrail();

    expect(await call("ListTags", { ResourceIdList: [ResourceId] })).toMatchObject({ __type: code });
  });
});

describe("the protocol", () => {
  it.each([
    ["NoSuchOperation", {}, "UnknownOperationException"],
    ["toString", {}, "UnknownOperationException"],
    ["CreateTrail", "{", "SerializationException"],
    ["CreateTrail", `{"Name":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "SerializationException"],
    ["StartQuery", {}, "UnsupportedOperationException"],
  ])("answers %s %j with %s", async (operation, input, code) => {
    const { call } = prepare();

    expect(await call(operation, input)).toMatchObject({ status: 400, __type: code });
  });

  it("answers every modelled operation without a 500 and without a hang, whatever it is sent", async () => {
    const { call, failures } = await prepareWithTrail();
    const { ChannelArn } = await call("CreateChannel", {
      Name: "channel",
      Source: "Custom",
      Destinations: [
        { Type: "EVENT_DATA_STORE", Location: ARN.replace("trail/main", "eventdatastore/none") },
      ],
    });
    const names = ["main", ARN, "logs-bucket", ChannelArn, ACCOUNT, "Custom", '{"Statement":[{}]}', "", "x"];
    const someCall = fc
      .constantFrom(...Object.entries(CLOUDTRAIL_MODEL.operations))
      .chain(([operation, { input }]) =>
        fc.tuple(fc.constant(operation), arbitraryInput(CLOUDTRAIL_MODEL, input, names)),
      );
    const statuses = new Set<number>();

    await fc.assert(
      fc.asyncProperty(someCall, async ([operation, input]) => {
        const { status } = await call(operation, input);
        statuses.add(status);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 3000, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: true },
    );

    expect(failures).toEqual([]);
    expect([...statuses].sort()).toEqual([200, 400]);
  });
});

describe("the record of a call", () => {
  it("is CloudTrail's own management event of it", async () => {
    const { records } = await prepareWithTrail({ TagsList: [{ Key: "team", Value: "a" }] });

    expect(records()).toEqual([
      {
        eventVersion: "1.11",
        userIdentity: { type: "IAMUser", accountId: ACCOUNT, userName: "alice" },
        eventTime: "2026-01-02T03:04:05Z",
        eventSource: "cloudtrail.amazonaws.com",
        eventName: "CreateTrail",
        awsRegion: "us-east-1",
        sourceIPAddress: "192.0.2.1",
        userAgent: "test",
        requestParameters: {
          name: "main",
          s3BucketName: "logs-bucket",
          tagsList: [{ key: "team", value: "a" }],
        },
        responseElements: {
          name: "main",
          s3BucketName: "logs-bucket",
          includeGlobalServiceEvents: true,
          isMultiRegionTrail: false,
          trailARN: ARN,
          logFileValidationEnabled: false,
          isOrganizationTrail: false,
        },
        requestID: "2f0c7a53-9a5e-4f0a-9b1c-3a0f6f0f9d11",
        eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        readOnly: false,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: ACCOUNT,
        eventCategory: "Management",
      },
    ]);
  });

  it("names what it failed with, and has no responseElements for a call that only reads", async () => {
    const { call, records } = await prepareWithTrail();

    await call("StopLogging", { Name: "nobody" });
    await call("DescribeTrails");

    expect(records().slice(1)).toMatchObject([
      {
        errorCode: "TrailNotFoundException",
        errorMessage: expect.stringContaining("nobody"),
        responseElements: null,
      },
      { eventName: "DescribeTrails", readOnly: true, requestParameters: null, responseElements: null },
    ]);
  });

  it.each(["StopLogging", "DeleteTrail"])("of %s is judged by the trails before it", async (operation) => {
    const { call, ingested } = await prepareWithTrail();
    await call("StartLogging", { Name: "main" });

    await call(operation, { Name: "main" });

    expect(ingested.at(-1)?.trailState?.trails).toMatchObject([{ isLogging: true }]);
  });

  it("of StartLogging is judged by the trails after it", async () => {
    const { call, ingested } = await prepareWithTrail();

    await call("StartLogging", { Name: "main" });

    expect(ingested.at(-1)).not.toHaveProperty("trailState");
  });

  it("is not made of what could not be read", async () => {
    const { call, ingested } = prepare();

    await call("CreateTrail", "{");
    await call("NoSuchOperation");

    expect(ingested).toEqual([]);
  });

  it("is cut to the sizes that CloudTrail keeps", async () => {
    const { call, records } = prepare();

    await call("StartLogging", { Name: "n".repeat(200_000) }, { userAgent: "ü".repeat(600) });

    const [record] = records();
    expect(record.requestParameters).toEqual({
      reason: "requestParameters too large",
      omitted: true,
      originalSize: 200_011,
    });
    expect(record.userAgent).toBe("ü".repeat(512));
  });

  it("that cannot be made durable fails the call with a 503 that the operator hears of", async () => {
    const outage = new Error("disk full");
    const { call, failures } = prepare({
      ingest: async () => {
        throw outage;
      },
    });

    const answer = await call("DescribeTrails");

    expect(answer).toMatchObject({ status: 503, __type: "ServiceUnavailable" });
    expect(failures).toEqual([outage]);
  });
});

describe("calls at the same time", () => {
  it("each have their effect", async () => {
    const { call, trails } = prepare();

    await Promise.all(
      ["one", "two", "three", "four"].map((Name) =>
        call("CreateTrail", { Name, S3BucketName: "logs-bucket" }),
      ),
    );

    const { trails: all } = await trails.read(ACCOUNT);
    expect(all.map(({ name }) => name).sort()).toEqual(["four", "one", "three", "two"]);
  });

  it("never make one trail too many", async () => {
    const { call, trails } = prepare();

    await Promise.all(
      [1, 2, 3, 4, 5, 6, 7].map((n) => call("CreateTrail", { Name: `t-${n}`, S3BucketName: "logs-bucket" })),
    );

    expect((await trails.read(ACCOUNT)).trails).toHaveLength(5);
  });

  it("answer ConflictException when the trails never stand still, and InternalFailure when the store fails", async () => {
    const restless = new MemoryTrailStore();
    const outage = new Error("store");
    const broken: TrailStore = Object.assign(new MemoryTrailStore(), {
      read: async () => {
        throw outage;
      },
    });
    restless.version = async () => 0;
    const read = restless.read.bind(restless);
    restless.read = async (accountId) => ({ ...(await read(accountId)), version: 99 });
    const conflicting = prepare({ trails: restless });
    const failing = prepare({ trails: broken });

    const conflict = await conflicting.call("CreateTrail", { Name: "main", S3BucketName: "logs-bucket" });
    const failure = await failing.call("DescribeTrails");

    expect(conflict.__type).toBe("ConflictException");
    expect(failure).toMatchObject({ status: 500, __type: "InternalFailure" });
    expect(failing.failures).toEqual([outage]);
  });
});
