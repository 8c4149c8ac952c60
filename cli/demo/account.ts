import { gunzipSync } from "node:zlib";
import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailStatusCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

/** The account and the trail of the story. */
export const ACCOUNT = "111122223333";
export const REGION = "us-east-1";
export const TRAIL = "shop-trail";
export const BUCKET = "shop-trail-logs";
export const LOG_GROUP = "shop-trail";

/** A record as it came out of a log file or a log group: what the demo looks at. */
export interface FoundRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly userIdentity?: { readonly accessKeyId?: string } | null;
}

/** A log file in the bucket. */
export interface FoundLogFile {
  readonly key: string;
  /** Bytes in the bucket. */
  readonly size: number;
  readonly records: readonly FoundRecord[];
}

/** A log stream of the log group. */
export interface FoundLogStream {
  readonly name: string;
  readonly records: readonly FoundRecord[];
}

/** The demo's calls, through the AWS SDK's own clients as any program would make them. */
export class DemoAccount {
  readonly #cloudTrail: CloudTrailClient;
  readonly #s3: S3Client;
  readonly #logs: CloudWatchLogsClient;

  constructor(endpoint: string) {
    const settings = {
      endpoint,
      region: REGION,
      credentials: { accessKeyId: "demo", secretAccessKey: "demo" },
    };
    this.#cloudTrail = new CloudTrailClient(settings);
    this.#s3 = new S3Client({ ...settings, forcePathStyle: true });
    this.#logs = new CloudWatchLogsClient(settings);
  }

  /** A bucket, a log group and an all-region trail that writes to both, S3 data events included; logging. */
  async makeTrail(): Promise<string> {
    await this.#s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await this.#logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    const { TrailARN } = await this.#cloudTrail.send(
      new CreateTrailCommand({
        Name: TRAIL,
        S3BucketName: BUCKET,
        IsMultiRegionTrail: true,
        CloudWatchLogsLogGroupArn: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${LOG_GROUP}:*`,
        CloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/trail-to-log-group`,
      }),
    );
    await this.#cloudTrail.send(
      new PutEventSelectorsCommand({
        TrailName: TRAIL,
        EventSelectors: [
          {
            ReadWriteType: "All",
            IncludeManagementEvents: true,
            DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }],
          },
        ],
      }),
    );
    await this.#cloudTrail.send(new StartLoggingCommand({ Name: TRAIL }));
    return TrailARN ?? TRAIL;
  }

  async stopLogging(): Promise<void> {
    await this.#cloudTrail.send(new StopLoggingCommand({ Name: TRAIL }));
  }

  async isLogging(): Promise<boolean> {
    const { IsLogging } = await this.#cloudTrail.send(new GetTrailStatusCommand({ Name: TRAIL }));
    return IsLogging ?? false;
  }

  async logFiles(): Promise<readonly FoundLogFile[]> {
    const files: FoundLogFile[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: BUCKET, Prefix: "AWSLogs/" },
    )) {
      for (const { Key: key = "", Size: size = 0 } of Contents) {
        if (key.endsWith(".json.gz")) {
          files.push({ key, size, records: await this.#readLogFile(key) });
        }
      }
    }
    return files;
  }

  async #readLogFile(key: string): Promise<readonly FoundRecord[]> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const file = JSON.parse(gunzipSync(bytes).toString("utf8")) as { Records: readonly FoundRecord[] };
    return file.Records;
  }

  async logStreams(): Promise<readonly FoundLogStream[]> {
    const { logStreams = [] } = await this.#logs.send(
      new DescribeLogStreamsCommand({ logGroupName: LOG_GROUP }),
    );
    const names = logStreams.flatMap(({ logStreamName }) =>
      logStreamName === undefined ? [] : [logStreamName],
    );
    return Promise.all(names.map(async (name) => ({ name, records: await this.#readLogStream(name) })));
  }

  async #readLogStream(logStreamName: string): Promise<readonly FoundRecord[]> {
    const records: FoundRecord[] = [];
    for (let nextToken: string | undefined; ; ) {
      const { events = [], nextForwardToken } = await this.#logs.send(
        new GetLogEventsCommand({
          logGroupName: LOG_GROUP,
          logStreamName,
          startFromHead: true,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      records.push(...events.map(({ message = "{}" }) => JSON.parse(message) as FoundRecord));
      // The end is where the token that was sent comes back.
      if (events.length === 0 || nextForwardToken === undefined || nextForwardToken === nextToken) {
        return records;
      }
      nextToken = nextForwardToken;
    }
  }
}
