import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Endpoint } from "../endpoint-client.ts";
import { countOf } from "../format.ts";
import { type InputFile, listInputs } from "../input-files.ts";
import { packageRoot } from "../package-root.ts";
import { shiftToNow } from "../retime.ts";
import { newestEventTime, sendRecords } from "../send-records.ts";
import { ACCOUNT, BUCKET, DemoAccount, LOG_GROUP, REGION, TRAIL } from "./account.ts";
import { checkLogFiles, checkLogGroup, checkRemediation } from "./checks.ts";
import { type HostProcess, startHostProcess } from "./host-process.ts";
import { type Finding, NotFound, type Steps, within } from "./steps.ts";

/** How long what a step waits for may take, in milliseconds. */
const STEP_LIMIT = 10_000;

/**
 * Tells the story to a host of its own, and checks what comes of it; each step is shown as it ends.
 * @param folder empty: the host's data stays there
 */
export async function runDemo(steps: Steps, folder: string): Promise<void> {
  let host: HostProcess | undefined;
  try {
    const started = await steps.run("Embedded host", async () => {
      host = await startHostProcess([
        ...["--port", "0", "--data-dir", folder, "--account", ACCOUNT, "--delivery-interval", "500ms"],
      ]);
      return { text: `serves at ${host.endpoint}` };
    });
    if (started && host !== undefined) {
      await tellStory(steps, host);
    }
    const log = host?.log().trim();
    if (!steps.allGood && log) {
      steps.say(`\nThe host said:\n${log}`);
    }
  } finally {
    await host?.stop();
  }
}

async function tellStory(steps: Steps, { endpoint: url }: HostProcess): Promise<void> {
  const endpoint: Endpoint = { url, region: REGION, keys: undefined };
  const account = new DemoAccount(url);
  const { files } = await listInputs(path.join(packageRoot(), "events", "1-ingest", "story"));
  const story = await eventIds(files);
  const made = await steps.run("Trail", async () => {
    const arn = await account.makeTrail();
    return { text: `${arn} takes all regions, writes to bucket ${BUCKET} and log group ${LOG_GROUP}` };
  });
  const sent = made && (await steps.run("Story", () => sendStory(endpoint, files, story)));
  if (!sent) {
    return;
  }
  await steps.run("StopLogging", async () => {
    await account.stopLogging();
    return { text: `called on ${TRAIL}, as the intruder of the story could not` };
  });
  await steps.run("Remediation", () => within(STEP_LIMIT, () => checkRemediation(account, endpoint)));
  await steps.run("Log files", () => within(STEP_LIMIT, () => checkLogFiles(account, story)));
  await steps.run("Log group", () => within(STEP_LIMIT, () => checkLogGroup(account, story)));
}

async function sendStory(
  endpoint: Endpoint,
  files: readonly InputFile[],
  story: ReadonlySet<string>,
): Promise<Finding> {
  const newest = await newestEventTime(files);
  const shift = newest === undefined ? 0 : shiftToNow(newest, Date.now());
  const { accepted, rejected } = await sendRecords(endpoint, files, { shift });
  const text = `${countOf(story.size, "record")} sent, ${accepted} accepted, ${rejected} rejected`;
  if (accepted !== story.size || rejected > 0) {
    throw new NotFound(text);
  }
  return { text };
}

/** The ids of the story's records, read by plain JSON.parse: what the checks look for again. */
async function eventIds(files: readonly InputFile[]): Promise<ReadonlySet<string>> {
  const texts = await Promise.all(files.map(({ label }) => readFile(label, "utf8")));
  const lines = texts.flatMap((text) => text.split("\n").filter(Boolean));
  return new Set(lines.map((line) => (JSON.parse(line) as { eventID: string }).eventID));
}

/** Commands that work on what the demo leaves behind. */
export function whereNext(folder: string): string {
  const inClone = process.argv[1]?.endsWith(".ts") === true;
  const opentrail = inClone ? "npm run -s opentrail --" : "opentrail";
  const server = "http://127.0.0.1:4570";
  return `
Where to look next
  Everything is kept in ${folder}; the log files are in ${path.join(folder, "objects", BUCKET)}
  Serve it again:
    ${inClone ? "npm start --" : "opentrail start"} --data-dir ${folder} --account ${ACCOUNT}
  and ask it, in a second terminal, also with the AWS CLI:
    ${opentrail} status
    export AWS_ENDPOINT_URL=${server} AWS_DEFAULT_REGION=${REGION} AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo
    aws s3 ls --recursive s3://${BUCKET}
    aws logs get-log-events --log-group-name ${LOG_GROUP} --log-stream-name ${ACCOUNT}_CloudTrail_${REGION}
    aws cloudtrail get-trail-status --name ${TRAIL}
  The story itself: ${path.join(packageRoot(), "events", "README.md")}`;
}
