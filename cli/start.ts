import { isIPv4 } from "node:net";
import { Command, InvalidArgumentError } from "commander";
import type { EmbeddedHost, EmbeddedHostOptions } from "../local/host.ts";
import { isOrganizationId, type Organization } from "../shared/organization/organization.ts";
import { CommandFailure, describeError, errorCode } from "./command-failure.ts";
import { EXIT } from "./exit-code.ts";
import { accountId, accountIds, duration, durationFrom, flag, option, wholeNumber } from "./options.ts";

interface StartOptions {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly account: string;
  readonly organization?: string;
  readonly managementAccount?: string;
  readonly memberAccounts: readonly string[];
  readonly credentials?: string;
  readonly insecureBind: boolean;
  readonly deliveryInterval: number;
  readonly digestInterval: number;
  readonly signingKeyAge: number;
  readonly historyRetention: number;
  readonly historyDataEvents: boolean;
  readonly gzipLevel: number;
  readonly maxReceives: number;
  readonly logLevel: EmbeddedHostOptions["logLevel"];
}

/** What the line that says that requests are served starts with. The endpoint follows. */
export const READY = "OpenTrail is ready at ";

/** `opentrail start`: the embedded host, until a signal comes. */
export function startCommand(): Command {
  return new Command("start")
    .description("run OpenTrail as one process, everything on one port")
    .addOption(option("--host <address>", "the address to listen on").default("127.0.0.1"))
    .addOption(
      option("--port <number>", "the port; 0 takes a free one")
        .default(4570)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(option("--data-dir <folder>", "where everything is kept").default(".opentrail"))
    .addOption(
      option("--account <id>", "the account of keys that are no account id themselves")
        .default("000000000000")
        .argParser(accountId),
    )
    .addOption(
      option(
        "--organization <id>",
        "an organization, whose management account can make trails for all its members",
      ).argParser(organizationId),
    )
    .addOption(
      option(
        "--management-account <id>",
        "the organization's management account (default: --account)",
      ).argParser(accountId),
    )
    .addOption(
      option("--member-accounts <ids>", "the organization's other accounts, with a comma between two")
        .default([], "none")
        .argParser(accountIds),
    )
    .addOption(
      option("--credentials <file>", "verify every request's signature against the keys in this file"),
    )
    .addOption(flag("--insecure-bind", "listen beyond this machine without credentials"))
    .addOption(
      option("--delivery-interval <duration>", "how long records are collected before a log file is written")
        .default(5_000, "5s")
        .argParser(duration),
    )
    .addOption(
      option("--digest-interval <duration>", "what one digest file covers; at least 1s")
        .default(3_600_000, "1h")
        .argParser(durationFrom(1_000)),
    )
    .addOption(
      option("--signing-key-age <duration>", "how long a key signs digest files before a new one is made")
        .default(90 * 86_400_000, "90d")
        .argParser(durationFrom(1_000)),
    )
    .addOption(
      option("--history-retention <duration>", "how long events stay in the event history, or forever")
        .default(90 * 86_400_000, "90d")
        .argParser((text) => (text === "forever" ? Number.POSITIVE_INFINITY : duration(text))),
    )
    .addOption(flag("--history-data-events", "keep data events in the event history too"))
    .addOption(option("--gzip-level <level>", "of log files, 0 to 9").default(6).argParser(wholeNumber(0, 9)))
    .addOption(
      // With the waits between the tries, 1 s doubled up to 5 min, 50 tries are some three and a half hours.
      option(
        "--max-receives <count>",
        "how often a delivery is tried before it is a dead letter: 50 times take some three and a half hours",
      )
        .default(50)
        .argParser(wholeNumber(1, 1_000)),
    )
    .addOption(
      option("--log-level <level>", "of the host's own log on standard error")
        .default("warn")
        .choices(["debug", "info", "warn", "error", "silent"]),
    )
    .action(start);
}

async function start(options: StartOptions, command: Command): Promise<void> {
  if (options.credentials === undefined && !options.insecureBind && !isLoopback(options.host)) {
    command.error(
      `error: without --credentials anyone who reaches ${options.host} could read and change everything. ` +
        "Give --credentials FILE, or --insecure-bind if that is meant.",
      { exitCode: EXIT.usage },
    );
  }
  if (options.organization === undefined && (options.managementAccount ?? options.memberAccounts[0])) {
    command.error("error: accounts of an organization were given, and no --organization.", {
      exitCode: EXIT.usage,
    });
  }
  const host = await startHost(options);
  // Whoever reads standard output may ask at once: nothing may come before requests are served.
  process.stdout.write(`${READY}${host.endpoint} (data in ${options.dataDir})\n`);
  const signal = await firstSignal();
  process.stderr.write(`${signal}: delivering what is held, then stopping. Once more stops at once.\n`);
  process.once("SIGINT", () => process.exit(EXIT.interrupted));
  process.once("SIGTERM", () => process.exit(EXIT.interrupted));
  await host.stop();
  process.exit(EXIT.done);
}

async function startHost(options: StartOptions): Promise<EmbeddedHost> {
  // A variable alone: an option would show in the list of processes.
  const keyPassphrase = process.env.OPENTRAIL_KEY_PASSPHRASE;
  // Loaded here, so that the other commands need not load the whole host.
  const { startEmbeddedHost } = await import("../local/host.ts");
  try {
    return await startEmbeddedHost({
      host: options.host,
      port: options.port,
      dataDir: options.dataDir,
      accountId: options.account,
      ...organizationOf(options),
      ...(options.credentials === undefined ? {} : { credentialsFile: options.credentials }),
      deliveryInterval: options.deliveryInterval,
      digestInterval: options.digestInterval,
      keyAge: options.signingKeyAge,
      ...(keyPassphrase ? { keyPassphrase } : {}),
      historyRetention: options.historyRetention,
      historyDataEvents: options.historyDataEvents,
      gzipLevel: options.gzipLevel,
      maxReceives: options.maxReceives,
      logLevel: options.logLevel,
    });
  } catch (cause) {
    const { host, port } = options;
    const message =
      errorCode(cause) === "EADDRINUSE"
        ? `Port ${port} of ${host} is taken: something else listens there. Choose another with --port.`
        : `The host could not start: ${describeError(cause)}`;
    throw new CommandFailure(message, { cause });
  }
}

function organizationOf({ organization: id, managementAccount, memberAccounts, account }: StartOptions): {
  readonly organization?: Organization;
} {
  if (id === undefined) return {};
  const managementAccountId = managementAccount ?? account;
  const memberAccountIds = memberAccounts.filter((member) => member !== managementAccountId);
  return { organization: { id, managementAccountId, memberAccountIds } };
}

function organizationId(text: string): string {
  if (!isOrganizationId(text)) {
    throw new InvalidArgumentError("An organization's id is needed, such as o-exampleorgid.");
  }
  return text;
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
      resolve(signal);
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}

/** Whether only this machine can reach the address. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
