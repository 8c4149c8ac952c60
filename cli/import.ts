import { S3Client } from "@aws-sdk/client-s3";
import { Command, InvalidArgumentError } from "commander";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import { CommandFailure, describeError } from "./command-failure.ts";
import { EXIT } from "./exit-code.ts";
import { countOf, formatBytes, formatNumber } from "./format.ts";
import { bucketEntries, parseS3Location } from "./import/bucket-entries.ts";
import { folderEntries, NO_BUCKET } from "./import/folder-entries.ts";
import { type ImportSummary, importEntries, measureEntries } from "./import/import-entries.ts";
import type { LogFileEntry } from "./import/log-file-entry.ts";
import { isSameServer } from "./import/same-server.ts";
import { endpointOption, flag, option, regionOption } from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { RETRY_POLICY } from "./send-batch.ts";

interface ImportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly bucket: string;
  readonly opentrailFiles: boolean;
  readonly s3Profile?: string;
  readonly endpoint: string;
  readonly region: string;
}

/** `opentrail import`. */
export function importCommand(): Command {
  return new Command("import")
    .description("send old log files of a trail, of S3 or of a folder, to a running server, each once")
    .argument("<s3://bucket/prefix|folder...>", "where the log files are")
    .addOption(
      option("--from <day>", "only log files of this day (UTC) and later: 2026-01-31").argParser(day),
    )
    .addOption(option("--to <day>", "only log files of this day and earlier").argParser(day))
    .addOption(
      option("--bucket <name>", "the bucket that a folder is a copy of").default(NO_BUCKET, "not known"),
    )
    .addOption(flag("--opentrail-files", "take log files that OpenTrail itself wrote, too"))
    .addOption(option("--s3-profile <name>", "the profile to read S3 with; else as every AWS client does"))
    .addOption(endpointOption())
    .addOption(regionOption())
    .addHelpText(
      "after",
      `
Log files are known by their keys: CloudTrail's own folders or names. Digest files and all else are left
alone. A file that was imported before, by this command or by the source that S3 notifies, is not imported
again: it is known by its bucket, key and ETag. A run that was interrupted is started again as it was.
Records go to the trails and the history of the account that the key names. They are not emitted on the
event bus, so that no rule acts on the past: "opentrail put-records" replays.
S3 is asked at AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL where one is set. Files of up to 50 MiB are taken.
Exit code 1 if a record was rejected or a file could not be imported.`,
    )
    .action(async (places: readonly string[], options: ImportOptions) => {
      const summary = await importPlaces(places, options);
      printSummary(summary);
      if (summary.rejected > 0 || summary.failed > 0) {
        process.exitCode = EXIT.refused;
      }
    });
}

async function importPlaces(places: readonly string[], options: ImportOptions): Promise<ImportSummary> {
  const days = { ...(options.from && { from: options.from }), ...(options.to && { to: options.to }) };
  const { files, bytes } = await measureEntries(entriesOf(places, options), days);
  process.stderr.write(`${countOf(files, "log file")}, ${formatBytes(bytes)}\n`);
  const display = progressDisplay(process.stderr, bytes);
  try {
    return await importEntries(
      entriesOf(places, options),
      days,
      {
        endpoint: { url: options.endpoint, region: options.region, keys: signingKeysFrom(process.env) },
        retryPolicy: RETRY_POLICY,
        takesOwn: options.opentrailFiles,
      },
      (progress) => display.update(progress),
    );
  } finally {
    display.stop();
  }
}

async function* entriesOf(places: readonly string[], options: ImportOptions): AsyncGenerator<LogFileEntry> {
  for (const place of places) {
    const location = parseS3Location(place);
    if (location === undefined) {
      yield* folderEntries(place, options.bucket);
      continue;
    }
    try {
      for await (const entry of bucketEntries(s3Client(options), location)) {
        yield isServedBy(options.endpoint) ? ownEntry(entry) : entry;
      }
    } catch (cause) {
      throw new CommandFailure(`${place} cannot be listed: ${describeError(cause)}`, { cause });
    }
  }
}

function s3Client({ s3Profile }: ImportOptions): S3Client {
  return new S3Client({
    ...(s3Profile !== undefined && { profile: s3Profile }),
    ...(!process.env.AWS_REGION && !process.env.AWS_DEFAULT_REGION && { region: "us-east-1" }),
    forcePathStyle: s3Endpoint() !== undefined,
    followRegionRedirects: true,
  });
}

function s3Endpoint(): string | undefined {
  return process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL || undefined;
}

/** Whether the server that is to import the files is the one that they are in: an embedded host's S3. */
function isServedBy(endpoint: string): boolean {
  const url = s3Endpoint();
  return url !== undefined && isSameServer(url, endpoint);
}

/** A bucket of an embedded host has what the host's own trails delivered; it puts no mark on them. */
function ownEntry(entry: LogFileEntry): LogFileEntry {
  return { ...entry, open: async () => ({ ...(await entry.open()), isOwn: true }) };
}

function printSummary(summary: ImportSummary): void {
  const { imported, importedBefore, own, otherFiles, failed, accepted, rejected, leftOut } = summary;
  const files = [
    `${countOf(imported, "file")} imported`,
    ...(importedBefore > 0 ? [`${formatNumber(importedBefore)} imported before`] : []),
    ...(own > 0 ? [`${formatNumber(own)} of OpenTrail's own left alone`] : []),
    ...(otherFiles > 0 ? [`${formatNumber(otherFiles)} left alone that are no log files`] : []),
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
  ];
  process.stdout.write(`${files.join(", ")}\n`);
  for (const [account, records] of [...accepted].sort()) {
    process.stdout.write(`${formatNumber(records)} accepted for account ${account}\n`);
  }
  const others = leftOut > 0 ? `, ${formatNumber(leftOut)} of OpenTrail's own calls left out` : "";
  process.stdout.write(`${formatNumber(rejected)} rejected${others}\n`);
  for (const { place, code, message } of summary.firstRejected) {
    process.stderr.write(`rejected: ${place}: ${code}: ${message}\n`);
  }
  if (rejected > summary.firstRejected.length) {
    process.stderr.write(`and ${countOf(rejected - summary.firstRejected.length, "more rejected record")}\n`);
  }
  for (const problem of summary.firstFailed) {
    process.stderr.write(`failed: ${problem}\n`);
  }
  if (failed > summary.firstFailed.length) {
    process.stderr.write(`and ${countOf(failed - summary.firstFailed.length, "more failed file")}\n`);
  }
}

function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError("A day is needed, such as 2026-01-31.");
  }
  return text;
}
