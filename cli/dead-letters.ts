import { Command } from "commander";
import type {
  DeadLetterDetail,
  DeadLetterList,
  SendAgainReport,
  SendAgainRequest,
} from "../shared/api/dead-letters.ts";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import { CommandFailure } from "./command-failure.ts";
import { type Endpoint, getJson, postJson } from "./endpoint-client.ts";
import { EXIT } from "./exit-code.ts";
import { countOf, formatBytes, formatTable } from "./format.ts";
import { endpointOption, jsonOption, option, regionOption, wholeNumber } from "./options.ts";

interface EndpointOptions {
  readonly endpoint: string;
  readonly region: string;
}

/** `opentrail dead-letters`: list, show, send-again. */
export function deadLettersCommand(): Command {
  return new Command("dead-letters")
    .description("look at what could not be delivered, and send it again")
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(sendAgainCommand());
}

function listCommand(): Command {
  return new Command("list")
    .description("list the dead letters, oldest first")
    .addOption(
      option(
        "--queue <name>",
        "only those of one queue: log-files, log-groups, event-bus, rule-targets or webhooks",
      ),
    )
    .addOption(option("--limit <count>", "how many at most").default(100).argParser(wholeNumber(1, 10_000)))
    .addOption(jsonOption())
    .addOption(endpointOption())
    .addOption(regionOption())
    .action(async (options: EndpointOptions & { queue?: string; limit: number; json: boolean }) => {
      const query = new URLSearchParams({ limit: String(options.limit) });
      if (options.queue !== undefined) {
        query.set("queue", options.queue);
      }
      const list = await getJson<DeadLetterList>(endpointOf(options), `/_opentrail/dead-letters?${query}`);
      process.stdout.write(options.json ? `${JSON.stringify(list, null, 2)}\n` : formatList(list));
    });
}

function showCommand(): Command {
  return new Command("show")
    .description("show one dead letter and the records in it")
    .argument("<id>", "its id, as the list shows it")
    .addOption(jsonOption())
    .addOption(endpointOption())
    .addOption(regionOption())
    .action(async (id: string, options: EndpointOptions & { json: boolean }) => {
      const path = `/_opentrail/dead-letters/${encodeURIComponent(id)}`;
      const letter = await getJson<DeadLetterDetail>(endpointOf(options), path);
      process.stdout.write(options.json ? `${JSON.stringify(letter, null, 2)}\n` : formatDetail(letter));
    });
}

function sendAgainCommand(): Command {
  return new Command("send-again")
    .description("put dead letters back into their queues")
    .argument("[id...]", "their ids")
    .option("--all", "all of them", false)
    .addOption(endpointOption())
    .addOption(regionOption())
    .action(async (ids: readonly string[], options: EndpointOptions & { all: boolean }, command: Command) => {
      if (options.all === ids.length > 0) {
        command.error("error: name either ids or --all", { exitCode: EXIT.usage });
      }
      const endpoint = endpointOf(options);
      const report = options.all ? await sendAllAgain(endpoint) : await sendAgain(endpoint, { ids });
      process.stdout.write(`Sent again: ${countOf(report.sentAgain, "message")}\n`);
      if (report.notFound.length > 0) {
        throw new CommandFailure(`No dead letters: ${report.notFound.join(", ")}`);
      }
      if (report.left) {
        throw new CommandFailure(
          `Left: ${countOf(report.left, "dead letter")}. See them: opentrail dead-letters`,
        );
      }
    });
}

function sendAgain(endpoint: Endpoint, request: SendAgainRequest): Promise<SendAgainReport> {
  return postJson(endpoint, "/_opentrail/dead-letters/send-again", request);
}

/**
 * As often as it takes for those that there were at first: what fails again meanwhile is a new dead letter, and is left.
 * So is what a queue does not hand out.
 */
async function sendAllAgain(endpoint: Endpoint): Promise<SendAgainReport> {
  let { sentAgain: sent, left = 0 } = await sendAgain(endpoint, { all: true });
  const all = sent + left;
  for (let more = sent > 0; more && sent < all; ) {
    const { sentAgain, left: stillLeft = 0 } = await sendAgain(endpoint, { all: true });
    sent += sentAgain;
    left = stillLeft;
    more = sentAgain > 0 && left > 0;
  }
  return { sentAgain: sent, notFound: [], left };
}

function endpointOf({ endpoint, region }: EndpointOptions): Endpoint {
  return { url: endpoint, region, keys: signingKeysFrom(process.env) };
}

function formatList({ deadLetters, total }: DeadLetterList): string {
  if (deadLetters.length === 0) {
    return "There are no dead letters.\n";
  }
  const rows = deadLetters.map((letter) => [
    letter.id,
    letter.queue,
    letter.sentAt,
    letter.receiveCount,
    formatBytes(letter.bytes),
    letter.reason ?? "",
  ]);
  const table = formatTable(["id", "queue", "sent", "tries", "size", "last failure"], rows, [3, 4]);
  const more = total > deadLetters.length ? `\nThese are ${deadLetters.length} of ${total}.\n` : "";
  return `${table}\n${more}`;
}

function formatDetail(letter: DeadLetterDetail): string {
  const lines = [
    `Dead letter ${letter.id} of ${letter.queue}`,
    `  sent       ${letter.sentAt}`,
    `  tries      ${letter.receiveCount}`,
    `  size       ${formatBytes(letter.bytes)}`,
    `  last error ${letter.reason ?? "not kept"}`,
  ];
  const { block } = letter;
  if (block === null) {
    return `${[...lines, "  Its body cannot be decoded."].join("\n")}\n`;
  }
  const records = block.firstRecords.map((record) => `    ${JSON.stringify(record)}`);
  return `${[
    ...lines,
    `  block      ${block.id}, accepted ${block.acceptedAt} for account ${block.accountId}`,
    ...block.trailArns.map((arn) => `  trail      ${arn}`),
    `  holds      ${countOf(block.records, "record")}${records.length > 0 ? "; the first:" : ""}`,
    ...records,
  ].join("\n")}\n`;
}
