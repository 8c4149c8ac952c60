import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListEventBusesCommand, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { HeadBucketCommand, NotFound } from "@aws-sdk/client-s3";
import { ListSecretsCommand } from "@aws-sdk/client-secrets-manager";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { expect, inject, it } from "vitest";
import { isLocalStack } from "../../deploy/plugins/localstack.ts";
import { emulatorSettings, remove } from "./deployment.ts";
import { events, logs, output, s3, secrets, sqs } from "./world.ts";

const settings = emulatorSettings(inject("emulator"));

/** The names of all that is there and may be the stack's. */
async function names(): Promise<readonly string[]> {
  const lambda = new LambdaClient(settings);
  const [functions, mappings, queues, topics, tables, buses, rules, groups, roles, allSecrets] =
    await Promise.all([
      lambda.send(new ListFunctionsCommand({})),
      lambda.send(new ListEventSourceMappingsCommand({})),
      sqs.send(new ListQueuesCommand({})),
      new SNSClient(settings).send(new ListTopicsCommand({})),
      new DynamoDBClient(settings).send(new ListTablesCommand({})),
      events.send(new ListEventBusesCommand({})),
      events.send(new ListRulesCommand({})),
      logs.send(new DescribeLogGroupsCommand({})),
      new IAMClient(settings).send(new ListRolesCommand({})),
      secrets.send(new ListSecretsCommand({})),
    ]);
  return [
    ...(functions.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`),
    ...(mappings.EventSourceMappings ?? []).map(({ EventSourceArn }) => `mapping of ${EventSourceArn}`),
    ...(queues.QueueUrls ?? []).map((url) => `queue ${url}`),
    ...(topics.Topics ?? []).map(({ TopicArn }) => `topic ${TopicArn}`),
    ...(tables.TableNames ?? []).map((name) => `table ${name}`),
    ...(buses.EventBuses ?? []).map(({ Name }) => `bus ${Name}`),
    ...(rules.Rules ?? []).map(({ Name }) => `rule ${Name}`),
    ...(groups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
    ...(roles.Roles ?? []).map(({ RoleName }) => `role ${RoleName}`),
    ...(allSecrets.SecretList ?? []).map(({ Name }) => `secret ${Name}`),
  ].filter((name) => name.includes("opentrail-local"));
}

it("`serverless remove` leaves nothing but the buckets with what is in them, and says so", async () => {
  expect((await names()).length).toBeGreaterThan(20);

  const printed = await remove(inject("emulator"));

  expect(await names()).toEqual([]);
  // LocalStack removes a bucket that is empty, whatever it is told.
  const mustKeep = !(await isLocalStack(inject("emulator")));
  for (const bucket of [output("TrailBucketName"), output("BlocksBucketName")]) {
    const isKept = await isThere(bucket);
    expect(isKept || !mustKeep).toBe(true);
    expect(printed).toContain(
      isKept
        ? `Kept, with what is in it: the bucket ${bucket}`
        : `Removed by CloudFormation, though it was told to keep it: the bucket ${bucket}`,
    );
  }
});

async function isThere(Bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}
