import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { faults } from "../../deploy/plugins/parameters.ts";
import type { Resource, Template } from "../../deploy/plugins/serverless.ts";
import { TABLE_SCHEMAS, TIME_TO_LIVE_TABLES } from "../../shared/adapters/aws/tables.ts";
import { DESTINATIONS } from "../../shared/event/block.ts";
import { DEFAULT_BUS_PATTERN } from "../../shared/ingest/default-bus-pattern.ts";
import { REMEDIATIONS } from "../../shared/remediation/catalog.ts";
import { type PackagedStack, packageStack } from "../support/packaged-stack.ts";
import { TemplateValues } from "../support/template-values.ts";

/** 14 days, in seconds. */
const RETENTION = 14 * 24 * 60 * 60;
const LEASE_SECONDS = 60;
const ROLES = path.join(import.meta.dirname, "../../deploy/roles");

// Packaging takes some five seconds of a processor.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let stack: PackagedStack;
let template: Template;
/** With other parameters. */
let other: PackagedStack;

beforeAll(async () => {
  stack = await packageStack("prod", { restartAwsTrails: "on" });
  template = stack.template;
  other = await packageStack("prod", {
    restartAwsTrails: "on",
    defaultBus: "destination",
    logFilesWindow: "300",
    endpointConcurrency: "50",
    collectorAccounts: "444455556666, 123456789012",
  });
});

afterAll(() => {
  stack.remove();
  other.remove();
});

function ofType(type: string): readonly (readonly [id: string, resource: Resource])[] {
  const found = Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
  expect(found).not.toEqual([]);
  return found;
}

function resource({ Resources }: Template, id: string): Resource {
  const found = Resources[id];
  if (found === undefined) throw new Error(`The template has no ${id}`);
  return found;
}

/** The logical id in `{"Fn::GetAtt": [id, "Arn"]}` or `{"Ref": id}`. */
function idOf(reference: unknown): string {
  const { "Fn::GetAtt": attribute, Ref } = reference as { "Fn::GetAtt"?: [string, string]; Ref?: string };
  return attribute?.[0] ?? Ref ?? "";
}

describe("the tables", () => {
  it.each(Object.entries(TABLE_SCHEMAS))("%s has the keys of its schema", (name, schema) => {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}Table`;

    const properties = template.Resources[id]?.Properties ?? {};

    expect(properties).toMatchObject(schema);
    expect(properties.GlobalSecondaryIndexes).toEqual(schema.GlobalSecondaryIndexes);
  });

  it("there are no others, they are paid by request, and can be restored to a moment of the past", () => {
    const tables = ofType("AWS::DynamoDB::Table").map(([, { Properties }]) => Properties);

    expect(tables).toHaveLength(Object.keys(TABLE_SCHEMAS).length);
    for (const table of tables) {
      expect(table.BillingMode).toBe("PAY_PER_REQUEST");
      expect(table.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
    }
  });

  it("rows expire in those tables whose rows say when", () => {
    const expiring = ofType("AWS::DynamoDB::Table").filter(([, { Properties }]) => {
      return (
        (Properties.TimeToLiveSpecification as { AttributeName?: string })?.AttributeName === "expiresAt"
      );
    });

    expect(expiring.map(([id]) => id.slice(0, -"Table".length).toLowerCase()).sort()).toEqual(
      TIME_TO_LIVE_TABLES.map((name) => name.toLowerCase()).sort(),
    );
  });
});

describe("the queues", () => {
  const isDeadLetters = ([id]: readonly [string, Resource]): boolean => id.endsWith("DeadLetters");

  it("all keep messages for 14 days, and encrypt them", () => {
    for (const [, { Properties }] of ofType("AWS::SQS::Queue")) {
      expect(Properties).toMatchObject({ MessageRetentionPeriod: RETENTION, SqsManagedSseEnabled: true });
    }
  });

  it("each has a dead-letter queue of its own", () => {
    const queues = ofType("AWS::SQS::Queue").filter((queue) => !isDeadLetters(queue));

    const deadLetters = queues.map(([id, { Properties }]) => {
      const { deadLetterTargetArn } = Properties.RedrivePolicy as { deadLetterTargetArn: unknown };
      return [id, idOf(deadLetterTargetArn)];
    });

    expect(deadLetters).toEqual(queues.map(([id]) => [id, id.replace(/Queue$/, "DeadLetters")]));
  });

  it("messages stay hidden for a window and six times the function's timeout, and longer than a lease", () => {
    for (const [, { Properties: trigger }] of ofType("AWS::Lambda::EventSourceMapping")) {
      const queue = template.Resources[idOf(trigger.EventSourceArn)]?.Properties;
      const timeout = Number(template.Resources[idOf(trigger.FunctionName)]?.Properties.Timeout);
      const hidden = Number(queue?.VisibilityTimeout);

      expect(hidden).toBeGreaterThanOrEqual(Number(trigger.MaximumBatchingWindowInSeconds) + 6 * timeout);
      expect(hidden).toBeGreaterThanOrEqual(LEASE_SECONDS);
    }
  });

  it("a longer window hides messages for longer", () => {
    const seconds = ({ Resources }: Template) =>
      Number(Resources.LogFilesQueue?.Properties.VisibilityTimeout);

    expect(seconds(other.template) - seconds(template)).toBe(240);
  });

  it("each has an alarm for its oldest message or, if it is of dead letters, for any message", () => {
    const alarms = ofType("AWS::CloudWatch::Alarm").map(([, { Properties }]) => {
      const [dimension] = Properties.Dimensions as readonly { Value: unknown }[];
      return `${Properties.MetricName} ${idOf(dimension?.Value)}`;
    });

    for (const queue of ofType("AWS::SQS::Queue")) {
      const metric = isDeadLetters(queue)
        ? "ApproximateNumberOfMessagesVisible"
        : "ApproximateAgeOfOldestMessage";
      expect(alarms).toContain(`${metric} ${queue[0]}`);
    }
  });
});

describe("the alarm for digests", () => {
  it("goes off when they fail for half an hour, and when their function stops to run", () => {
    const { Properties } = resource(template, "DigestLateAlarm");

    expect(Properties).toMatchObject({
      MetricName: "DigestFilesFailed",
      Period: 300,
      EvaluationPeriods: 6,
      TreatMissingData: "missing",
      InsufficientDataActions: Properties.AlarmActions,
    });
  });
});

describe("what triggers functions", () => {
  it("queues hand over batches with partial failure and a bound of their own on copies", () => {
    for (const [, { Properties }] of ofType("AWS::Lambda::EventSourceMapping")) {
      expect(Properties.FunctionResponseTypes).toEqual(["ReportBatchItemFailures"]);
      expect(Properties.ScalingConfig).toEqual({ MaximumConcurrency: expect.any(Number) });
    }
  });

  it("every destination has a subscription that asks for its blocks, raw, with dead letters", () => {
    const subscriptions = ofType("AWS::SNS::Subscription").map(([, { Properties }]) => Properties);

    expect(subscriptions.map(({ FilterPolicy }) => FilterPolicy)).toEqual(
      expect.arrayContaining(DESTINATIONS.map((destination) => ({ destinations: [destination] }))),
    );
    expect(subscriptions).toHaveLength(DESTINATIONS.length);
    for (const { Endpoint, RawMessageDelivery, RedrivePolicy } of subscriptions) {
      expect(RawMessageDelivery).toBe(true);
      const { deadLetterTargetArn } = RedrivePolicy as { deadLetterTargetArn: unknown };
      expect(idOf(deadLetterTargetArn)).toBe(idOf(Endpoint).replace(/Queue$/, "DeadLetters"));
    }
  });

  it("every target of a rule has dead letters, and the rule may leave them there", () => {
    const allowed = ofType("AWS::SQS::QueuePolicy")
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes("events.amazonaws.com"))
      .flatMap(([, { Properties }]) => (Properties.Queues as readonly unknown[]).map(idOf));

    for (const [, { Properties }] of ofType("AWS::Events::Rule")) {
      for (const { DeadLetterConfig } of Properties.Targets as readonly {
        DeadLetterConfig?: { Arn: unknown };
      }[]) {
        expect(allowed).toContain(idOf(DeadLetterConfig?.Arn));
      }
    }
  });

  it.each(REMEDIATIONS)("the rule of $name is the one of the catalog", ({ name, eventPattern }) => {
    const rules = ofType("AWS::Events::Rule").map(([, { Properties }]) => Properties);
    const named = (rule: string) => rules.find(({ Name }) => Name === `opentrail-prod-${rule}`);

    expect(named(name)?.EventPattern).toEqual(eventPattern);
    expect(named(name)?.EventBusName).toEqual({ Ref: "EventBus" });
    expect(named(`${name}-aws`)?.EventPattern).toEqual({ source: ["aws.cloudtrail"], ...eventPattern });
    expect(named(`${name}-aws`)?.EventBusName).toBeUndefined();
  });
});

describe("the functions", () => {
  it("run on arm64 and Node 24, and none has concurrency reserved", () => {
    for (const [, { Properties }] of ofType("AWS::Lambda::Function")) {
      expect(Properties).toMatchObject({ Architectures: ["arm64"], Runtime: "nodejs24.x" });
      expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
    }
  });

  it("of the endpoint, and of no other, a parameter reserves concurrency: at a queue it would lose healthy messages", () => {
    const reserved = Object.values(other.template.Resources)
      .filter(({ Properties }) => Properties?.ReservedConcurrentExecutions !== undefined)
      .map(({ Properties }) => [Properties.FunctionName, Properties.ReservedConcurrentExecutions]);

    expect(reserved).toEqual([["opentrail-prod-endpoint", 50]]);
  });

  it("each has its own role, its own log group that forgets, and alarms for errors and throttles", () => {
    const functions = ofType("AWS::Lambda::Function");
    const roles = functions.map(([, { Properties }]) => JSON.stringify(Properties.Role));
    const alarms = ofType("AWS::CloudWatch::Alarm").map(([, { Properties }]) => {
      const [dimension] = Properties.Dimensions as readonly { Value: unknown }[];
      return `${Properties.MetricName} ${idOf(dimension?.Value)}`;
    });

    expect(new Set(roles).size).toBe(functions.length);
    for (const [id, { Properties }] of functions) {
      expect(alarms).toEqual(expect.arrayContaining([`Errors ${id}`, `Throttles ${id}`]));
      const group = ofType("AWS::Logs::LogGroup").find(
        ([, log]) => log.Properties.LogGroupName === `/aws/lambda/${Properties.FunctionName}`,
      );
      expect(group?.[1].Properties.RetentionInDays).toBe(30);
    }
  });

  it("variables leave room below the 4 KB that Lambda has for them, for long names and an organization", () => {
    const values = new TemplateValues(template, { accountId: "111122223333", region: "ap-southeast-2" });

    for (const [, { Properties }] of ofType("AWS::Lambda::Function")) {
      const { Variables } = values.value(Properties.Environment) as { Variables: Record<string, string> };
      const bytes = Object.entries(Variables).reduce(
        (sum, [name, value]) => sum + `${name}${value}`.length,
        0,
      );
      expect(bytes).toBeLessThan(3_300);
    }
  });

  it("the function URL asks for no signature of Lambda's, and has both permissions that it needs", () => {
    const permissions = ofType("AWS::Lambda::Permission").map(([, { Properties }]) => Properties);
    const FunctionName = { "Fn::GetAtt": ["EndpointLambdaFunction", "Arn"] };

    expect(ofType("AWS::Lambda::Url").map(([, { Properties }]) => Properties.AuthType)).toEqual(["NONE"]);
    expect(permissions).toEqual(
      expect.arrayContaining([
        { FunctionName, Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionUrlAuthType: "NONE" },
        { FunctionName, Action: "lambda:InvokeFunction", Principal: "*", InvokedViaFunctionUrl: true },
      ]),
    );
  });

  it("each archive is under 300 KB, and is the same each time", () => {
    for (const [, { Properties }] of ofType("AWS::Lambda::Function")) {
      const name = String(Properties.FunctionName).replace("opentrail-prod-", "");
      expect(stack.archive(name).length).toBeLessThan(300_000);
      expect(other.archive(name).equals(stack.archive(name))).toBe(true);
    }
  });
});

describe("the roles", () => {
  it("no action has a wildcard, and no resource is all there is without a reason beside it", () => {
    const reasons = readdirSync(ROLES).flatMap((file) =>
      unboundedStatements(readFileSync(path.join(ROLES, file), "utf8")),
    );
    const unbounded = ofType("AWS::IAM::Role").flatMap(([, { Properties }]) => {
      const [{ PolicyDocument }] = Properties.Policies as [
        { PolicyDocument: { Statement: readonly Statement[] } },
      ];
      for (const { Action } of PolicyDocument.Statement) expect([Action].flat().join()).not.toContain("*");
      return PolicyDocument.Statement.filter(({ Resource }) => [Resource].flat().includes("*"));
    });

    expect(unbounded.map(({ Action }) => Action)).toEqual(reasons.map(({ action }) => action));
    for (const { comment } of reasons) expect(comment).toMatch(/^# .{20}/);
  });
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** The statements of a file of deploy/roles that name all resources, with the comment right above each. */
function unboundedStatements(yaml: string): readonly { readonly action: string; readonly comment: string }[] {
  const lines = yaml.split("\n");
  return lines.flatMap((line, index) => {
    if (!/^ {2}Resource: "\*"/.test(line)) return [];
    const action = /^- Action: (\S+)$/.exec(lines[index - 1] ?? "")?.[1] ?? "";
    return [{ action, comment: lines[index - 2] ?? "" }];
  });
}

describe("collectors in other accounts", () => {
  it("have a role to publish with, which only their own roles may assume, and which is not there without accounts", () => {
    const { Properties } = resource(other.template, "CollectorRole");
    const { Statement: trust } = Properties.AssumeRolePolicyDocument as { Statement: readonly object[] };
    expect(trust).toEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: ["444455556666", "123456789012"] },
        Condition: {
          ArnLike: {
            "aws:PrincipalArn": {
              "Fn::Sub": `arn:\${AWS::Partition}:iam::*:role/opentrail-prod-*-collect-activity-events`,
            },
          },
        },
      },
    ]);
    expect(JSON.stringify(resource(other.template, "IngestDashlogDashfilesLambdaFunction"))).toContain(
      "CollectorRole",
    );
    expect(Object.keys(template.Resources)).not.toContain("CollectorRole");
  });
});

describe("the secrets", () => {
  it("have no value in the template, which a change of the stack could put in place of the operator's", () => {
    for (const [, { Properties }] of ofType("AWS::SecretsManager::Secret")) {
      expect(Properties).not.toHaveProperty("SecretString");
    }
    expect(resource(template, "CredentialsSecret").Properties).not.toHaveProperty("GenerateSecretString");
  });
});

describe("the buckets", () => {
  it("are private, encrypted, versioned, refuse what comes without TLS, and outlive the stack", () => {
    for (const id of ["TrailBucket", "BlocksBucket"]) {
      const bucket = template.Resources[id];
      const policy = template.Resources[`${id}Policy`]?.Properties.PolicyDocument;

      expect(bucket?.DeletionPolicy).toBe("Retain");
      expect(Object.values(bucket?.Properties.PublicAccessBlockConfiguration ?? {})).toEqual(
        Array(4).fill(true),
      );
      expect(bucket?.Properties.BucketEncryption).toBeDefined();
      expect(bucket?.Properties.VersioningConfiguration).toEqual({ Status: "Enabled" });
      expect(JSON.stringify(policy)).toContain('"Condition":{"Bool":{"aws:SecureTransport":false}}');
    }
  });

  it("blocks are kept for longer than any queue and its dead letters keep their message", () => {
    const { Rules } = resource(template, "BlocksBucket").Properties.LifecycleConfiguration as {
      Rules: readonly { ExpirationInDays?: number }[];
    };

    expect(Rules[0]?.ExpirationInDays).toBeGreaterThan(28);
  });
});

describe("the default event bus", () => {
  it("as a source its rule has the pattern of ingest", () => {
    expect(resource(template, "ActivityEventsRule").Properties.EventPattern).toEqual(DEFAULT_BUS_PATTERN);
  });

  it("is a source or a destination or neither, never both", () => {
    const parameters = { ...stack.parameters, defaultBus: "source,destination" };

    expect(faults(parameters)).toEqual([
      "defaultBus is source,destination: it must be one of source, off, destination.",
    ]);
  });

  it("as a destination it is emitted to, and no rule takes anything in from there", () => {
    const { Properties: emitter } = resource(other.template, "DeliverDasheventDashbusLambdaFunction");

    expect((emitter.Environment as { Variables: unknown }).Variables).toMatchObject({
      OPENTRAIL_EVENT_BUS: "default",
      OPENTRAIL_DEFAULT_BUS: "destination",
    });
    expect(Object.keys(other.template.Resources)).not.toContain("ActivityEventsRule");
  });

  it("a stack with another value is not packaged", async () => {
    await expect(packageStack("prod", { defaultBus: "both" })).rejects.toThrow("defaultBus is both");
  });
});
