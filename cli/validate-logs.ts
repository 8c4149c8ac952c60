import { readFile, writeFile } from "node:fs/promises";
import { CloudTrailClient, DescribeTrailsCommand, ListPublicKeysCommand } from "@aws-sdk/client-cloudtrail";
import { S3Client } from "@aws-sdk/client-s3";
import { Command, InvalidArgumentError } from "commander";
import { s3LogBuckets } from "../shared/adapters/aws/log-buckets.ts";
import { folderLogBuckets } from "../shared/adapters/local/log-buckets.ts";
import type { ExportedKeys } from "../shared/api/public-keys.ts";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import type { FindKey, ValidationKey } from "../shared/integrity/check-digest.ts";
import { isoSecond } from "../shared/integrity/digest-file.ts";
import { validateLogs } from "../shared/integrity/validate-logs.ts";
import type { ValidationProgress, ValidationRequest } from "../shared/integrity/validation.ts";
import type { LogBuckets } from "../shared/ports/log-buckets.ts";
import { parseTrailArn } from "../shared/trail/arn.ts";
import { CommandFailure, describeError } from "./command-failure.ts";
import { EXIT } from "./exit-code.ts";
import { accountId, flag, option, wholeNumber } from "./options.ts";
import { formatReport, reportDocument } from "./validation-output.ts";

interface ValidateOptions {
  readonly trailArn: string;
  readonly startTime: number;
  readonly endTime?: number;
  readonly s3Bucket?: string;
  readonly s3Prefix?: string;
  readonly accountId?: string;
  readonly organizationId?: string;
  readonly region?: string;
  readonly verbose: boolean;
  readonly endpoint: string;
  readonly s3Endpoint?: string;
  readonly folder?: string;
  readonly publicKeys?: string;
  readonly concurrency: number;
  readonly allowUnlisted: boolean;
  readonly json?: string;
}

const HOUR = 60 * 60_000;
const AWS = "aws";

/** `opentrail validate-logs`: what `aws cloudtrail validate-logs` does, and more. */
export function validateLogsCommand(): Command {
  return new Command("validate-logs")
    .description("check digest files and the log files that they list, as aws cloudtrail validate-logs does")
    .requiredOption("--trail-arn <arn>", "the trail's ARN", trailArnArgument)
    .requiredOption("--start-time <time>", "check from this time (UTC) on", time)
    .option("--end-time <time>", "check up to this time (UTC); default: now", time)
    .option("--s3-bucket <name>", "the bucket of the digest files; default: the trail's")
    .option("--s3-prefix <prefix>", "what their keys start with; default: the trail's")
    .option("--account-id <id>", "the account whose files are checked; default: the trail's", accountId)
    .option("--organization-id <id>", "of an organization trail")
    .option("--region <name>", "the region whose digests are checked; default: the trail's home region")
    .addOption(flag("--verbose", "name the valid files too"))
    .addOption(
      option(
        "--endpoint <url>",
        'the server that is asked for the trail and the public keys; "aws" for AWS',
      ).default("http://127.0.0.1:4570"),
    )
    .option("--s3-endpoint <url>", 'where the buckets are, if not at --endpoint; "aws" for Amazon S3')
    .option("--folder <folder>", "read a copy of the bucket, or a data folder, in place of S3")
    .option("--public-keys <file>", "take public keys from this file: see opentrail public-keys export")
    .option("--concurrency <count>", "files read at the same time", wholeNumber(1, 256), 16)
    .addOption(flag("--allow-unlisted", "do not mind log files that no digest file lists"))
    .option("--json <file>", 'write the report as JSON; "-" for standard output, and nothing else there')
    .action(run);
}

async function run(options: ValidateOptions, command: Command): Promise<void> {
  const period = { start: options.startTime, end: options.endTime ?? wholeSecond(Date.now()) };
  if (period.start > period.end) {
    command.error("error: Invalid time range specified: start-time must occur before end-time", {
      exitCode: EXIT.usage,
    });
  }
  const isJsonOutput = options.json === "-";
  const print = (text: string): void => void (isJsonOutput || process.stdout.write(text));
  print(
    `Validating log files for trail ${options.trailArn} between ${isoSecond(period.start)} and ${isoSecond(period.end)}\n\n`,
  );
  const display = progressLine(process.stderr);
  try {
    const request = await requestOf(options, period);
    const findKey =
      options.publicKeys === undefined
        ? await serverKeys(options, request)
        : await fileKeys(options.publicKeys, request.region);
    const report = await validateLogs(request, {
      buckets: bucketsOf(options),
      findKey,
      concurrency: options.concurrency,
      onProgress: display.update,
    });
    display.clear();
    const { lines, isValid } = formatReport(report, options.verbose);
    for (const { text, isError } of lines) {
      if (isError) process.stderr.write(text);
      else print(text);
    }
    if (options.json !== undefined) {
      const document = `${JSON.stringify(reportDocument(report), null, 2)}\n`;
      if (isJsonOutput) process.stdout.write(document);
      else await writeFile(options.json, document);
    }
    process.exitCode = isValid ? EXIT.done : EXIT.refused;
  } catch (cause) {
    display.clear();
    throw cause instanceof CommandFailure ? cause : new CommandFailure(describeError(cause), { cause });
  }
}

async function requestOf(
  options: ValidateOptions,
  period: ValidationRequest["period"],
): Promise<ValidationRequest> {
  const { homeRegion, accountId: ownAccount } = parseTrailArn(options.trailArn);
  const destination =
    options.s3Bucket === undefined
      ? await trailDestination(options)
      : { s3BucketName: options.s3Bucket, ...(options.s3Prefix && { s3KeyPrefix: options.s3Prefix }) };
  return {
    trailArn: options.trailArn,
    period,
    region: options.region ?? homeRegion,
    accountId: options.accountId ?? ownAccount,
    destination: {
      ...destination,
      ...(options.organizationId !== undefined && { organizationId: options.organizationId }),
    },
    allowUnlisted: options.allowUnlisted,
  };
}

async function trailDestination(options: ValidateOptions): Promise<ValidationRequest["destination"]> {
  const { trailList = [] } = await cloudTrail(options).send(new DescribeTrailsCommand({}));
  const trail = trailList.find(({ TrailARN }) => TrailARN === options.trailArn);
  if (trail?.S3BucketName === undefined) {
    throw new CommandFailure(`A trail could not be found for ${options.trailArn}`);
  }
  return {
    s3BucketName: trail.S3BucketName,
    ...(trail.S3KeyPrefix && { s3KeyPrefix: trail.S3KeyPrefix }),
  };
}

/** Keys as ListPublicKeys gives them, for the range and, where a backfill digest needs it, for when that was made. */
async function serverKeys(options: ValidateOptions, { period }: ValidationRequest): Promise<FindKey> {
  const client = cloudTrail(options);
  const keys = new Map<string, ValidationKey>();
  const load = async (start: number, end: number): Promise<void> => {
    const { PublicKeyList = [] } = await client.send(
      new ListPublicKeysCommand({ StartTime: new Date(start), EndTime: new Date(end) }),
    );
    for (const { Fingerprint: fingerprint, Value: publicKey } of PublicKeyList) {
      if (fingerprint !== undefined && publicKey !== undefined) {
        keys.set(fingerprint, { fingerprint, publicKey });
      }
    }
  };
  await load(period.start, period.end + 2 * HOUR);
  if (keys.size === 0) {
    throw new CommandFailure(
      `No public keys found between ${isoSecond(period.start)} and ${isoSecond(period.end + 2 * HOUR)}`,
    );
  }
  return async (fingerprint, backfillTime) => {
    if (!keys.has(fingerprint) && backfillTime !== undefined) {
      await load(backfillTime - HOUR, backfillTime + HOUR);
    }
    return keys.get(fingerprint);
  };
}

/** Keys of a file: those of the region, and those that all regions share. */
async function fileKeys(file: string, region: string): Promise<FindKey> {
  const { PublicKeyList: list } = JSON.parse(await readFile(file, "utf8")) as Partial<ExportedKeys>;
  if (!Array.isArray(list)) {
    throw new CommandFailure(`${file} is no list of public keys: it has no PublicKeyList.`);
  }
  const keys = new Map(
    (list as ExportedKeys["PublicKeyList"])
      .filter(({ Region }) => Region === undefined || Region === "*" || Region === region)
      .map(({ Fingerprint, Value }) => [
        Fingerprint,
        { fingerprint: Fingerprint, publicKey: Buffer.from(Value, "base64") },
      ]),
  );
  return async (fingerprint) => keys.get(fingerprint);
}

function bucketsOf(options: ValidateOptions): LogBuckets {
  if (options.folder !== undefined) {
    return folderLogBuckets(options.folder);
  }
  const { endpoint, s3Endpoint = endpoint } = options;
  const settings =
    s3Endpoint === AWS || s3Endpoint !== endpoint
      ? elsewhere(options, s3Endpoint)
      : serverSettings(options, endpoint);
  return s3LogBuckets(
    new S3Client({
      ...settings,
      forcePathStyle: s3Endpoint !== AWS,
      followRegionRedirects: true,
    }),
  );
}

function cloudTrail(options: ValidateOptions): CloudTrailClient {
  const { endpoint } = options;
  return new CloudTrailClient(
    endpoint === AWS ? elsewhere(options, endpoint) : serverSettings(options, endpoint),
  );
}

/** An OpenTrail server has keys of its own, where the environment tells them. */
function serverSettings(options: ValidateOptions, endpoint: string) {
  const keys = signingKeysFrom(process.env);
  return { ...elsewhere(options, endpoint), ...(keys && { credentials: keys }) };
}

/** What is not AWS takes the account as the key where the environment has no other. */
function elsewhere(options: ValidateOptions, endpoint: string) {
  const { homeRegion, accountId: account } = parseTrailArn(options.trailArn);
  const region = options.region ?? homeRegion;
  if (endpoint === AWS) {
    return { region };
  }
  const hasKeys = process.env.AWS_ACCESS_KEY_ID !== undefined || process.env.AWS_PROFILE !== undefined;
  return {
    region,
    endpoint,
    ...(!hasKeys && { credentials: { accessKeyId: account, secretAccessKey: "none" } }),
  };
}

/** Reads `2026-11-23T22:00:00Z`, `20261123T220000Z` or a date as UTC, in ms since the epoch, cut to the second. */
function time(text: string): number {
  const extended = text
    .trim()
    .replace(
      /^(\d{4})(\d\d)(\d\d)(?:T(\d\d):?(\d\d):?(\d\d))?/,
      (_, year, month, day, hour = "00", minute = "00", second = "00") =>
        `${year}-${month}-${day}T${hour}:${minute}:${second}`,
    );
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(extended) || !extended.includes(":");
  const milliseconds = Date.parse(hasZone ? extended : `${extended}Z`);
  if (Number.isNaN(milliseconds)) {
    throw new InvalidArgumentError(`Unable to parse date value: ${text}`);
  }
  return wholeSecond(milliseconds);
}

function trailArnArgument(text: string): string {
  try {
    parseTrailArn(text);
  } catch {
    throw new InvalidArgumentError(`Invalid trail ARN provided: ${text}`);
  }
  return text;
}

function wholeSecond(milliseconds: number): number {
  return milliseconds - (milliseconds % 1000);
}

/** A line on a terminal that says how far it has come. */
function progressLine(out: NodeJS.WriteStream): {
  readonly update: (progress: ValidationProgress) => void;
  readonly clear: () => void;
} {
  const write = (text: string): void => void (out.isTTY && out.write(`\r\u001b[K${text}`));
  return {
    update: ({ digests, allDigests, logFiles, allLogFiles }) =>
      write(
        allLogFiles === 0
          ? `${digests} of ${allDigests} digest files read`
          : `${allDigests} digest files read, ${logFiles} of ${allLogFiles} log files checked`,
      ),
    clear: () => write(""),
  };
}
