import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import { CommandFailure } from "./command-failure.ts";
import { EXIT } from "./exit-code.ts";
import { countOf, formatNumber } from "./format.ts";
import { type InputFile, listInputs, spool, streamInput } from "./input-files.ts";
import { endpointOption, flag, regionOption } from "./options.ts";
import { progressDisplay } from "./progress.ts";
import { shiftToNow } from "./retime.ts";
import { newestEventTime, type SendReport, sendRecords } from "./send-records.ts";

interface PutRecordsOptions {
  readonly retime: boolean;
  readonly endpoint: string;
  readonly region: string;
}

/** `opentrail put-records`. */
export function putRecordsCommand(): Command {
  return new Command("put-records")
    .description("send CloudTrail records to a running server")
    .argument("<file|dir|-...>", "files, folders of them, or - for standard input")
    .addOption(flag("--retime", "move all eventTimes by one amount, so that the newest is now"))
    .addOption(endpointOption())
    .addOption(regionOption())
    .addHelpText(
      "after",
      `
Takes {"Records":[…]}, a JSON array of records, and one record a line, gzip or not. In folders, files
that end in .json, .jsonl or .ndjson (also .gz) are taken, others are left alone. A record's text is sent
byte for byte. Records are sent at least once: after a broken connection some may arrive twice. Requests
are signed where OPENTRAIL_ACCESS_KEY_ID and OPENTRAIL_SECRET_ACCESS_KEY are set, or AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY.
Exit code 1 if a record was rejected or a file could not be read.`,
    )
    .action(async (names: readonly string[], options: PutRecordsOptions) => {
      const report = await withInputs(names, options.retime, (inputs) => putRecords(inputs, options));
      process.stdout.write(
        `${formatNumber(report.accepted)} accepted, ${formatNumber(report.rejected)} rejected\n`,
      );
      printProblems(report);
      if (report.rejected > 0 || report.unreadable.length > 0) {
        process.exitCode = EXIT.refused;
      }
    });
}

/**
 * Runs `use` on the files that the arguments name.
 * @param twice whether they are read twice: standard input is first written to a file then
 */
async function withInputs<T>(
  names: readonly string[],
  twice: boolean,
  use: (inputs: readonly InputFile[]) => Promise<T>,
): Promise<T> {
  const inputs: InputFile[] = [];
  let folder: string | undefined;
  try {
    for (const name of new Set(names)) {
      if (name !== "-") {
        inputs.push(...(await namedInputs(name)));
      } else if (twice) {
        folder = await mkdtemp(path.join(tmpdir(), "opentrail-stdin-"));
        inputs.push(await spool(process.stdin, path.join(folder, "stdin")));
      } else {
        inputs.push(streamInput(process.stdin));
      }
    }
    return await use(inputs);
  } finally {
    if (folder !== undefined) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function namedInputs(name: string): Promise<readonly InputFile[]> {
  const { files, skipped } = await listInputs(name);
  if (skipped.length > 0) {
    process.stderr.write(`Left alone, no records by their names: ${skipped.join(", ")}\n`);
  }
  return files;
}

async function putRecords(inputs: readonly InputFile[], options: PutRecordsOptions): Promise<SendReport> {
  if (inputs.length === 0) {
    throw new CommandFailure("There is no file of records there.");
  }
  const newest = options.retime ? await newestEventTime(inputs) : undefined;
  const totalBytes = inputs.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  const display = progressDisplay(process.stderr, totalBytes);
  try {
    return await sendRecords(
      { url: options.endpoint, region: options.region, keys: signingKeysFrom(process.env) },
      inputs,
      {
        ...(newest === undefined ? {} : { shift: shiftToNow(newest, Date.now()) }),
        onProgress: (progress) => display.update(progress),
      },
    );
  } finally {
    display.stop();
  }
}

function printProblems({ rejected, firstRejected, unreadable }: SendReport): void {
  for (const { place, code, message } of firstRejected) {
    process.stderr.write(`rejected: ${place}: ${code}: ${message}\n`);
  }
  if (rejected > firstRejected.length) {
    process.stderr.write(`and ${countOf(rejected - firstRejected.length, "more rejected record")}\n`);
  }
  for (const problem of unreadable) {
    process.stderr.write(`unreadable: ${problem}\n`);
  }
}
