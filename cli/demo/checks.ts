import path from "node:path";
import type { StatusReport } from "../../shared/api/status.ts";
import { type Endpoint, getJson } from "../endpoint-client.ts";
import { countOf, formatBytes, formatTable } from "../format.ts";
import { type DemoAccount, type FoundLogFile, type FoundRecord, LOG_GROUP } from "./account.ts";
import { type Finding, NotFound } from "./steps.ts";

/** The trail logs again, and it was a rule that saw to it. */
export async function checkRemediation(account: DemoAccount, endpoint: Endpoint): Promise<Finding> {
  const { rules } = await getJson<StatusReport>(endpoint, "/_opentrail/status");
  const fired = rules.filter(({ invocations, failures }) => invocations > failures);
  if (fired.length === 0) {
    const known = rules.map(
      ({ name, invocations, failures }) => `${name} ${invocations} (${failures} failed)`,
    );
    throw new NotFound(`no rule fired; invocations: ${known.join(", ") || "no rules"}`);
  }
  const names = fired.map(({ name, description }) => `rule ${name} fired (${description})`).join("; ");
  if (!(await account.isLogging())) {
    throw new NotFound(`${names}, but the trail is still stopped`);
  }
  return { text: `${names}; the trail is logging again` };
}

/**
 * Every record of the story stands in the log files once, and so do the stop and the start of the trail.
 * @param story the records' ids
 */
export async function checkLogFiles(account: DemoAccount, story: ReadonlySet<string>): Promise<Finding> {
  const files = await account.logFiles();
  const records = files.flatMap((file) => file.records);
  const times = countIds(records);
  const missing = [...story].filter((id) => !times.has(id)).length;
  const twice = [...times.values()].filter((count) => count > 1).length;
  const own = records.filter(({ eventID }) => !story.has(eventID));
  const stopped = own.findLast(({ eventName }) => eventName === "StopLogging");
  const restarted = own.some(
    ({ eventName, eventTime }) =>
      eventName === "StartLogging" && stopped !== undefined && eventTime >= stopped.eventTime,
  );
  const found = `${story.size - missing} of ${story.size} records in ${countOf(files.length, "log file")}`;
  if (missing > 0 || twice > 0 || stopped === undefined || !restarted) {
    const lacks = [
      missing > 0 ? `${missing} missing` : [],
      twice > 0 ? `${twice} more than once` : [],
      stopped === undefined ? "no record of StopLogging" : [],
      stopped !== undefined && !restarted ? "no record of StartLogging after it" : [],
    ].flat();
    throw new NotFound(`${found}: ${lacks.join(", ")}`);
  }
  return {
    text: `all ${story.size} records in ${countOf(files.length, "log file")}, each once; and ${countOf(own.length, "call")} of this demo's own`,
    details: logFileTable(files),
  };
}

/** Every record of the story stands in the log group. */
export async function checkLogGroup(account: DemoAccount, story: ReadonlySet<string>): Promise<Finding> {
  const streams = await account.logStreams();
  const ids = countIds(streams.flatMap(({ records }) => records));
  const missing = [...story].filter((id) => !ids.has(id)).length;
  const found = `${story.size - missing} of ${story.size} records in ${countOf(streams.length, "stream")} of ${LOG_GROUP}`;
  if (missing > 0) {
    throw new NotFound(found);
  }
  return {
    text: found,
    details: formatTable(
      ["log stream", "events"],
      streams.map(({ name, records }) => [name, records.length]),
      [1],
    ),
  };
}

function countIds(records: readonly FoundRecord[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { eventID } of records) {
    counts.set(eventID, (counts.get(eventID) ?? 0) + 1);
  }
  return counts;
}

function logFileTable(files: readonly FoundLogFile[]): string {
  return formatTable(
    ["log file", "size", "records"],
    files.map(({ key, size, records }) => [path.posix.basename(key), formatBytes(size), records.length]),
    [1, 2],
  );
}
