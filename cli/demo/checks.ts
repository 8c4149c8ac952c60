import path from "node:path";
import { remediationAccessKeyId } from "../../shared/api/remediation-identity.ts";
import type { StatusReport } from "../../shared/api/status.ts";
import { type Endpoint, getJson } from "../endpoint-client.ts";
import { countOf, formatBytes, formatTable } from "../format.ts";
import { ACCOUNT, type DemoAccount, type FoundLogFile, type FoundRecord, LOG_GROUP } from "./account.ts";
import { type Finding, NotFound } from "./steps.ts";

/** The trail logs again, and it was a rule that saw to it. */
export async function checkRemediation(
  account: Pick<DemoAccount, "isLogging">,
  endpoint: Endpoint,
): Promise<Finding> {
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
 * Every record of the story stands in the log files once, and the files tell who stopped and who started the trail.
 * @param story the records' ids
 */
export async function checkLogFiles(
  account: Pick<DemoAccount, "logFiles">,
  story: ReadonlySet<string>,
): Promise<Finding> {
  const files = await account.logFiles();
  const records = files.flatMap((file) => file.records);
  const times = countIds(records);
  const missing = [...story].filter((id) => !times.has(id)).length;
  const twice = [...times.values()].filter((count) => count > 1).length;
  const own = records.filter(({ eventID }) => !story.has(eventID));
  const stopped = own.some(({ eventName }) => eventName === "StopLogging");
  const restarted = own.some(
    ({ eventName, userIdentity }) =>
      eventName === "StartLogging" && userIdentity?.accessKeyId === remediationAccessKeyId(ACCOUNT),
  );
  const found = `${story.size - missing} of ${story.size} records in ${countOf(files.length, "log file")}`;
  if (missing > 0 || twice > 0 || !stopped || !restarted) {
    const lacks = [
      missing > 0 ? `${missing} missing` : [],
      twice > 0 ? `${twice} more than once` : [],
      stopped ? [] : "no record of StopLogging",
      restarted ? [] : "no record of a StartLogging by the remediation",
    ].flat();
    throw new NotFound(`${found}: ${lacks.join(", ")}`);
  }
  return {
    text: `all ${story.size} records in ${countOf(files.length, "log file")}, each once; and ${countOf(own.length, "call")} on the trail itself, StopLogging and the remediation's StartLogging among them`,
    details: logFileTable(files),
  };
}

/** Every record of the story stands in the log group. */
export async function checkLogGroup(
  account: Pick<DemoAccount, "logStreams">,
  story: ReadonlySet<string>,
): Promise<Finding> {
  const streams = await account.logStreams();
  const ids = countIds(streams.flatMap(({ records }) => records));
  const missing = [...story].filter((id) => !ids.has(id)).length;
  const found = `${story.size - missing} of ${story.size} records in ${countOf(streams.length, "stream")} of ${LOG_GROUP}`;
  if (missing > 0) {
    throw new NotFound(found);
  }
  return { text: `${found} (${streams.map(({ name }) => name).join(", ")})` };
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
