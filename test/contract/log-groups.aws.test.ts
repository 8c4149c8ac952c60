import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  GetLogEventsCommand,
  type OutputLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";
import { cloudWatchLogGroups } from "../../shared/adapters/aws/log-groups.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeLogGroupsContract } from "./log-groups.suite.ts";

describeWithMoto("CloudWatch Logs in moto", (config) => {
  // moto refuses them too, but tells the index of the last too old event, which AWS's answer leaves out, and that
  // of the last too new one: see the unit tests of the adapter.
  describeLogGroupsContract("aws", { refuses: false }, async () => {
    const client = new CloudWatchLogsClient(config());
    const logGroupName = `trail-events-${crypto.randomUUID()}`;
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    return {
      logGroups: cloudWatchLogGroups(() => client),
      group: `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`,
      now: Date.now(),
      read: (stream) => messages(client, logGroupName, stream),
      close: async () => client.destroy(),
    };
  });
});

/** The messages of a stream from its head, page by page: the last page's token is its own. */
async function messages(
  client: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
): Promise<readonly string[]> {
  const read: OutputLogEvent[] = [];
  for (let nextToken: string | undefined, last = false; !last; ) {
    const page = await client.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, nextToken }),
    );
    read.push(...(page.events ?? []));
    last = page.nextForwardToken === nextToken;
    nextToken = page.nextForwardToken;
  }
  return read.map(({ message }) => message ?? "");
}
