import { CloudTrailClient, UpdateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { clientSettings, makeTrail } from "./embedded-client.ts";

/** Makes a bucket, a log group, and a logging all-region trail that delivers into both. */
export async function makeLogGroupTrail(
  endpoint: string,
  name: string,
  bucket: string,
  logGroupName: string,
): Promise<void> {
  const logs = new CloudWatchLogsClient(clientSettings(endpoint));
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await makeTrail(endpoint, name, bucket);
  await new CloudTrailClient(clientSettings(endpoint)).send(
    new UpdateTrailCommand({
      Name: name,
      CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:111122223333:log-group:${logGroupName}:*`,
      CloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/CloudTrail_CloudWatchLogs_Role",
    }),
  );
}
