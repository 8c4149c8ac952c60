import {
  CreateTrailCommand,
  type CreateTrailCommandInput,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ACCOUNT, cloudTrail, logs, output } from "./world.ts";

/** Makes an all-region trail that logs into the stack's bucket, below a prefix of its own name. */
export async function makeTrail(
  name: string,
  settings: Partial<CreateTrailCommandInput> = {},
): Promise<void> {
  const client = cloudTrail();
  await client.send(
    new CreateTrailCommand({
      Name: name,
      S3BucketName: output("TrailBucketName"),
      S3KeyPrefix: name,
      IsMultiRegionTrail: true,
      ...settings,
    }),
  );
  await client.send(new StartLoggingCommand({ Name: name }));
}

/** Makes a log group, and gives a trail's settings that forward to it. */
export async function makeLogGroup(logGroupName: string): Promise<Partial<CreateTrailCommandInput>> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  return {
    CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${logGroupName}:*`,
    CloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/trail`,
  };
}
