import {
  CloudTrailClient,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTrailsCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";
import { type SnsEndpoint, startSnsEndpoint } from "../support/sns-endpoint.ts";
import { describeWithTerraform, type TerraformFolder } from "../support/terraform.ts";

// Each command starts the provider, which is a large program.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** What `terraform plan -detailed-exitcode` ends with. */
const [NO_CHANGES, CHANGES] = [0, 2];

describeWithTerraform("Terraform, with its AWS provider", import.meta.dirname, (open) => {
  let host: TestHost;
  let subscriber: SnsEndpoint;
  let folder: TerraformFolder;

  beforeAll(async () => {
    // Without rules: the remediation of the host would start a stopped trail again, which is then no longer as configured.
    host = await startTestHost({ intercept: { eventBus: () => new MemoryEventBus() } });
    subscriber = await startSnsEndpoint();
    folder = await open();
  });

  afterAll(async () => {
    folder.remove();
    await subscriber.close();
    await host.remove();
  });

  async function terraform(command: string, ...args: readonly string[]) {
    const variable = `-var=subscriber=${subscriber.url}`;
    const { exitCode, stdout, stderr } = await folder.run(host.endpoint, command, variable, ...args);
    expect(stderr).toBe("");
    return { exitCode, stdout };
  }

  const settings = () => clientSettings(host.endpoint);

  it("creates every resource, and finds each as it is configured", async () => {
    const applied = await terraform("apply", "-auto-approve");
    const planned = await terraform("plan", "-detailed-exitcode");

    expect(applied.stdout).toContain("Apply complete! Resources: 10 added, 0 changed, 0 destroyed.");
    expect(applied.stdout).toContain('account = "111122223333"');
    expect(planned.exitCode, planned.stdout).toBe(NO_CHANGES);
  });

  it("takes settings away in place, and finds them gone", async () => {
    const applied = await terraform("apply", "-auto-approve", "-var=is_updated=true");
    const planned = await terraform("plan", "-detailed-exitcode", "-var=is_updated=true");

    expect(applied.stdout).toContain("Apply complete! Resources: 0 added, 4 changed, 0 destroyed.");
    expect(planned.exitCode, planned.stdout).toBe(NO_CHANGES);
    const client = new CloudTrailClient(settings());
    const { Trail } = await client.send(new GetTrailCommand({ Name: "main" }));
    expect(Trail).toMatchObject({ HasInsightSelectors: false, IsMultiRegionTrail: true });
    expect(Trail).not.toHaveProperty("S3KeyPrefix");
    expect(Trail).not.toHaveProperty("KmsKeyId");
    const status = await client.send(new GetTrailStatusCommand({ Name: "single-region" }));
    expect(status.IsLogging).toBe(false);
  });

  it("plans what differs", async () => {
    const planned = await terraform("plan", "-detailed-exitcode");

    expect(planned.exitCode).toBe(CHANGES);
    expect(planned.stdout).toContain("Plan: 0 to add, 4 to change, 0 to destroy.");
  });

  it("imports what is there already", async () => {
    const ids = {
      "aws_cloudtrail.main": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
      "aws_s3_bucket_policy.logs": "terraform-logs",
      "aws_sns_topic.files": "arn:aws:sns:us-east-1:111122223333:log-files",
      "aws_sns_topic_policy.files": "arn:aws:sns:us-east-1:111122223333:log-files",
      "aws_cloudwatch_log_group.trail": "trail",
      "aws_cloudwatch_event_rule.stopped": "stopped",
    };
    const removed = await folder.run(host.endpoint, "state", "rm", ...Object.keys(ids));
    expect(removed.stdout).toContain("Successfully removed 6 resource instance(s).");

    for (const [address, id] of Object.entries(ids)) {
      await terraform("import", "-var=is_updated=true", address, id);
    }

    const planned = await terraform("plan", "-detailed-exitcode", "-var=is_updated=true");
    expect(planned.exitCode, planned.stdout).toBe(NO_CHANGES);
  });

  it("destroys all of it", async () => {
    const destroyed = await terraform("destroy", "-auto-approve", "-var=is_updated=true");

    expect(destroyed.stdout).toContain("Destroy complete! Resources: 10 destroyed.");
    const { Trails } = await new CloudTrailClient(settings()).send(new ListTrailsCommand({}));
    const { Buckets } = await new S3Client(settings()).send(new ListBucketsCommand({}));
    const { logGroups } = await new CloudWatchLogsClient(settings()).send(new DescribeLogGroupsCommand({}));
    const { Topics } = await new SNSClient(settings()).send(new ListTopicsCommand({}));
    const { Rules } = await new EventBridgeClient(settings()).send(
      new ListRulesCommand({ NamePrefix: "stopped" }),
    );
    expect({ Trails, Buckets, logGroups, Topics, Rules }).toEqual({
      Trails: [],
      Buckets: [],
      logGroups: [],
      Topics: [],
      Rules: [],
    });
  });
});
