import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { Command } from "commander";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import { CommandFailure } from "./command-failure.ts";
import { messageOf, open } from "./endpoint-client.ts";
import { addEventFilters, type EventFilters, searchParameters } from "./event-filters.ts";
import { endpointOption, option, regionOption } from "./options.ts";

interface ExportOptions extends EventFilters {
  readonly format: string;
  readonly output?: string;
  readonly endpoint: string;
  readonly region: string;
}

/** `opentrail export`: a whole result, to a file or to standard output, as it is found. */
export function exportCommand(): Command {
  const command = new Command("export")
    .description("write all events that a lookup finds, as JSON, CSV or NDJSON")
    .addOption(option("--format <name>", "of the file").choices(["json", "csv", "ndjson"]).default("ndjson"))
    .addOption(option("--output <file>", "where to write; standard output if not given"))
    .addOption(endpointOption())
    .addOption(regionOption());
  return addEventFilters(command).action(exportEvents);
}

async function exportEvents(options: ExportOptions): Promise<void> {
  const parameters = searchParameters(options, options.region);
  parameters.set("format", options.format);
  const endpoint = { url: options.endpoint, region: options.region, keys: signingKeysFrom(process.env) };
  const response = await open(endpoint, `/_opentrail/events?${parameters}`);
  if (response.status !== 200 || response.body === null) {
    const { status, headers } = response;
    const text = messageOf({ status, headers, text: await response.text() });
    throw new CommandFailure(`${options.endpoint} answered ${status}: ${text}`);
  }
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  if (options.output === undefined) {
    await pipeline(body, process.stdout, { end: false });
  } else {
    await pipeline(body, createWriteStream(options.output, { mode: 0o600 }));
  }
}
