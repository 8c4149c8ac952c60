import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { CloudTrailClient, PutEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import type { JsonObject } from "../../shared/event/json.ts";
import { sliceRecords } from "../../shared/ingest/slice-records.ts";
import { corpusLines, corpusPath } from "../support/corpus.ts";
import { CORPUS_SOURCES } from "../support/corpus-sources.ts";
import { clientSettings, makeTrail, waitUntilDelivered } from "../support/embedded-client.ts";
import { EVERYTHING } from "../support/everything.ts";
import { startHostProcess } from "../support/host-process.ts";
import { readLogFiles } from "../support/log-files.ts";

/*
 * Sends every record of the corpus through `put-records` to a fresh host, and finds each again in the trail's log
 * files, once: byte for byte where nothing had to be added, else equal but for what was added.
 *
 *   node test/corpus/deliver-corpus.ts
 */
const BUCKET = "corpus-logs";
const ADDED = new Set(["eventID", "eventVersion", "eventType", "recipientAccountId", "eventCategory"]);

const sent = CORPUS_SOURCES.flatMap((source) => corpusLines("records", source));
if (sent.length === 0) {
  console.error(`There are no records in ${corpusPath("records")} (set OPENTRAIL_CORPUS)`);
  process.exit(1);
}
const dataDir = mkdtempSync(path.join(tmpdir(), "opentrail-corpus-"));
const host = await startHostProcess(dataDir, ["--delivery-interval", "200ms"]);
await makeTrail(host.endpoint, "corpus", BUCKET);
if (EVERYTHING.kind !== "advanced") {
  throw new Error("The corpus needs advanced selectors");
}
await new CloudTrailClient(clientSettings(host.endpoint)).send(
  new PutEventSelectorsCommand({
    TrailName: "corpus",
    AdvancedEventSelectors: structuredClone(EVERYTHING.selectors) as never,
  }),
);
const exitCode = await putRecordsCommand(host.endpoint);
await waitUntilDelivered(host.endpoint, 60_000);
await host.stop();

const delivered = [...readLogFiles(dataDir, BUCKET).values()].flatMap((content) =>
  sliceRecords(Buffer.from(content)).map((record) => record.toString("utf8")),
);
const others = delivered.filter((text) => !isOwnCall(JSON.parse(text)));
const unmatched = new Map<string, number>();
for (const text of others) {
  unmatched.set(text, (unmatched.get(text) ?? 0) + 1);
}
const completed: string[] = [];
for (const text of sent) {
  if (!take(text)) {
    completed.push(text);
  }
}
const leftOver = [...unmatched].flatMap(([text, count]) => Array.from({ length: count }, () => text));
const missing = completed.filter((text) => {
  const at = leftOver.findIndex((candidate) => equalButForAdditions(text, candidate));
  if (at >= 0) {
    leftOver.splice(at, 1);
  }
  return at < 0;
});

console.log(
  JSON.stringify(
    {
      records: sent.length,
      delivered: others.length,
      byteForByte: sent.length - completed.length,
      equalButForAdditions: completed.length - missing.length,
      missing: missing.length,
      unexpected: leftOver.length,
      exitCode,
    },
    null,
    2,
  ),
);
if (missing.length + leftOver.length > 0 || exitCode !== 0) {
  console.error(`The log files do not hold the corpus. The data folder is kept: ${dataDir}`);
  process.exit(1);
}
rmSync(dataDir, { recursive: true });

async function putRecordsCommand(endpoint: string): Promise<number> {
  const main = path.join(import.meta.dirname, "../../cli/main.ts");
  const child = spawn(
    process.execPath,
    [main, "put-records", "--endpoint", endpoint, corpusPath("records")],
    {
      stdio: "inherit",
      env: { ...process.env, AWS_ACCESS_KEY_ID: "111122223333", AWS_SECRET_ACCESS_KEY: "test" },
    },
  );
  const [code] = await once(child, "exit");
  return code;
}

/** Takes one of the delivered records with that very text. */
function take(text: string): boolean {
  const count = unmatched.get(text) ?? 0;
  if (count === 1) {
    unmatched.delete(text);
  } else if (count > 1) {
    unmatched.set(text, count - 1);
  }
  return count > 0;
}

/** Whether a delivered record is the sent one and members that it lacked, and its text begins as the sent one did. */
function equalButForAdditions(sentText: string, deliveredText: string): boolean {
  if (!deliveredText.startsWith(sentText.slice(0, -1))) {
    return false;
  }
  const before: JsonObject = JSON.parse(sentText);
  const after: JsonObject = JSON.parse(deliveredText);
  const added = Object.keys(after).filter((name) => !Object.hasOwn(before, name));
  const rest = Object.fromEntries(Object.entries(after).filter(([name]) => !added.includes(name)));
  return added.length > 0 && added.every((name) => ADDED.has(name)) && isDeepStrictEqual(rest, before);
}

/** The calls that this check itself made: StartLogging and PutEventSelectors, by the account's local user. */
function isOwnCall({ userIdentity, eventSource }: JsonObject): boolean {
  return (
    eventSource === "cloudtrail.amazonaws.com" &&
    (userIdentity as JsonObject | undefined)?.arn === "arn:aws:iam::111122223333:user/local"
  );
}
