import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { Command } from "commander";
import { NEXT_TOKEN_HEADER } from "../shared/api/events.ts";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import { EXPORT_FORMATS, type ExportFormatName } from "../shared/history/export-formats.ts";
import { CommandFailure } from "./command-failure.ts";
import { type Endpoint, messageOf, open } from "./endpoint-client.ts";
import { addEventFilters, type EventFilters, searchParameters } from "./event-filters.ts";
import { endpointOption, option, regionOption } from "./options.ts";

interface ExportOptions extends EventFilters {
  readonly format: ExportFormatName;
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
  const whole = await open(endpoint, `/_opentrail/events?${parameters}`);
  // A host that answers in one piece cannot answer any length.
  const body = Readable.from(
    whole.status === 413 ? pages(endpoint, parameters, options.format) : await readable(endpoint, whole),
  );
  if (options.output === undefined) {
    await pipeline(body, process.stdout, { end: false });
  } else {
    await pipeline(body, createWriteStream(options.output, { mode: 0o600 }));
  }
}

/** The bytes of an answer. @throws CommandFailure if it is an error */
async function readable(endpoint: Endpoint, response: Response): Promise<AsyncIterable<Uint8Array>> {
  const { status, headers, body } = response;
  if (status !== 200 || body === null) {
    const message = messageOf({ status, headers, text: await response.text() });
    throw new CommandFailure(`${endpoint.url} answered ${status}: ${message}`);
  }
  return Readable.fromWeb(body as ReadableStream<Uint8Array>);
}

/** Events of a page. */
const PAGE = "1000";

/** The whole result page by page, as the one file that it would have been. */
async function* pages(
  endpoint: Endpoint,
  search: URLSearchParams,
  format: ExportFormatName,
): AsyncGenerator<string> {
  const { head, separator, tail } = EXPORT_FORMATS[format];
  const parameters = new URLSearchParams(search);
  parameters.set("limit", PAGE);
  let isFirst = true;
  yield head;
  for (let more = true; more; ) {
    const response = await open(endpoint, `/_opentrail/events?${parameters}`);
    const page = await text(await readable(endpoint, response));
    const events = page.slice(head.length, page.length - tail.length);
    if (events !== "") {
      yield (isFirst ? "" : separator) + events;
      isFirst = false;
    }
    const next = response.headers.get(NEXT_TOKEN_HEADER);
    parameters.set("nextToken", next ?? "");
    more = next !== null;
  }
  yield tail;
}
