import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Resource, Statement } from "../../deploy/plugins/serverless.ts";
import { DEFAULT_BUS_PATTERN } from "../../shared/ingest/default-bus-pattern.ts";
import { type PackagedStack, packageStack } from "../support/packaged-stack.ts";
import { TemplateValues } from "../support/template-values.ts";

const CONFIG = "serverless.collector.yml";
const HOME = {
  homeRegion: "us-east-1",
  homeTopicArn: "arn:aws:sns:us-east-1:111122223333:opentrail-prod-activity",
  homeBlocksBucket: "opentrail-prod-blocks",
};
const ROLE = "arn:aws:iam::111122223333:role/opentrail-prod-us-east-1-collector";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let own: PackagedStack;
let other: PackagedStack;
let home: PackagedStack;

beforeAll(async () => {
  [own, other, home] = await Promise.all([
    packageStack("prod", HOME, CONFIG),
    packageStack("prod", { ...HOME, homeAccount: "other", homeRoleArn: ROLE }, CONFIG),
    packageStack("prod"),
  ]);
});

afterAll(() => {
  own.remove();
  other.remove();
  home.remove();
});

function ofType({ template }: PackagedStack, type: string): readonly Resource[] {
  return Object.values(template.Resources).filter(({ Type }) => Type === type);
}

function only(stack: PackagedStack, type: string): Resource {
  const [resource, ...others] = ofType(stack, type);
  if (resource === undefined || others.length > 0) throw new Error(`Not one ${type}`);
  return resource;
}

/** What the function's role allows beside its log and its queue. */
function allowed(stack: PackagedStack): readonly unknown[] {
  const [{ PolicyDocument }] = only(stack, "AWS::IAM::Role").Properties.Policies as [
    { PolicyDocument: { Statement: readonly Statement[] } },
  ];
  return PolicyDocument.Statement.map(({ Action }) => Action).filter(
    (action) => !/^(logs|sqs):/.test([action].flat()[0] ?? ""),
  );
}

describe("a collector's stack", () => {
  it("has a rule that takes what the stack's own takes from the default bus, and keeps what it cannot hand on", () => {
    const { Properties } = only(own, "AWS::Events::Rule");

    expect(Properties.EventPattern).toEqual(DEFAULT_BUS_PATTERN);
    expect(Properties.EventBusName).toBeUndefined();
    expect(Properties.Targets).toEqual([
      expect.objectContaining({
        DeadLetterConfig: { Arn: { "Fn::GetAtt": ["CollectedEventsDeadLetters", "Arn"] } },
      }),
    ]);
  });

  it("gathers events in a queue with dead letters, which hides them for longer than their function may take", () => {
    const queue = own.template.Resources.CollectedEventsQueue?.Properties;
    const { Properties: trigger } = only(own, "AWS::Lambda::EventSourceMapping");

    expect(Number(queue?.VisibilityTimeout)).toBe(20 + 6 * 60);
    expect(queue?.MessageRetentionPeriod).toBe(1_209_600);
    expect(trigger).toMatchObject({
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 20,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  it("may use the stack in its own account with its own role, and that in another one with the stack's alone", () => {
    expect(allowed(own)).toEqual([["dynamodb:GetItem", "dynamodb:Query"], "sns:Publish", "s3:PutObject"]);
    expect(allowed(other)).toEqual(["sts:AssumeRole"]);
  });

  it("tells its function where home is", () => {
    const variables = (stack: PackagedStack) =>
      (only(stack, "AWS::Lambda::Function").Properties.Environment as { Variables: object }).Variables;

    expect(variables(other)).toMatchObject({
      OPENTRAIL_HOME_REGION: "us-east-1",
      OPENTRAIL_HOME_ROLE_ARN: ROLE,
      OPENTRAIL_TOPIC_ARN: HOME.homeTopicArn,
      OPENTRAIL_TRAILS_TABLE: "opentrail-prod-trails",
      OPENTRAIL_BLOCKS_BUCKET: "opentrail-prod-blocks",
    });
  });

  it("leaves out the calls of its own role, and of the stack's where that is in its account, and of no others", () => {
    const rolesOf = (stack: PackagedStack, region: string): readonly string[] =>
      ofType(stack, "AWS::IAM::Role").map(({ Properties }) => {
        const name = new TemplateValues(stack.template, { accountId: "111122223333", region }).text(
          Properties.RoleName,
        );
        return `arn:aws:iam::111122223333:role/${name}`;
      });
    const told = (stack: PackagedStack): readonly string[] => {
      const { Environment } = only(stack, "AWS::Lambda::Function").Properties;
      const { Variables } = Environment as { Variables: Readonly<Record<string, unknown>> };
      const values = new TemplateValues(stack.template, { accountId: "111122223333", region: "eu-west-1" });
      return values.text(Variables.OPENTRAIL_OWN_ROLES).split(",");
    };

    expect(told(own).toSorted()).toEqual(
      [...rolesOf(own, "eu-west-1"), ...rolesOf(home, "us-east-1")].sort(),
    );
    expect(told(other)).toEqual(rolesOf(other, "eu-west-1"));
  });

  it("has alarms for dead letters, old messages, errors and throttles, and none for digests", () => {
    const names = ofType(own, "AWS::CloudWatch::Alarm").map(({ Properties }) => Properties.AlarmName);

    expect(names).toHaveLength(4);
    expect(names.every((name) => String(name).startsWith("opentrail-collector-prod-"))).toBe(true);
  });

  it("shares no name with the stack, so that both may be in one region", () => {
    const namesOf = (stack: PackagedStack) =>
      Object.values(stack.template.Resources).flatMap(({ Type, Properties }) =>
        Object.entries(Properties).flatMap(([property, value]) =>
          /^(Name|\w+Name)$/.test(property) && property !== "MetricName" && typeof value === "string"
            ? [`${Type} ${value}`]
            : [],
        ),
      );

    const shared = namesOf(own).filter((name) => namesOf(home).includes(name));

    expect(shared).toEqual([]);
  });

  it("is not packaged without knowing where home is", async () => {
    await expect(packageStack("prod", {}, CONFIG)).rejects.toThrow("homeRegion is not given.");
  });
});
