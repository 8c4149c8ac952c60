import { Command } from "commander";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import type { EndpointStatus, QueueStatus, StatusReport } from "../shared/api/status.ts";
import { formatSeconds } from "./duration.ts";
import { type Endpoint, getJson } from "./endpoint-client.ts";
import { formatNumber, formatTable } from "./format.ts";
import { endpointOption, jsonOption, regionOption } from "./options.ts";

/** `opentrail status`. */
export function statusCommand(): Command {
  return new Command("status")
    .description("show what came in, how delivery stands, the trails, the rules and the last errors")
    .addOption(jsonOption())
    .addOption(endpointOption())
    .addOption(regionOption())
    .action(async (options: { json: boolean; endpoint: string; region: string }) => {
      const endpoint: Endpoint = {
        url: options.endpoint,
        region: options.region,
        keys: signingKeysFrom(process.env),
      };
      const report = await getJson<EndpointStatus | StatusReport>(endpoint, "/_opentrail/status");
      process.stdout.write(
        options.json ? `${JSON.stringify(report, null, 2)}\n` : formatStatus(report, endpoint),
      );
    });
}

/** The report as text for a terminal. */
function formatStatus(report: EndpointStatus | StatusReport, endpoint: Pick<Endpoint, "url">): string {
  const title = `OpenTrail ${report.version} (${report.host} host) at ${endpoint.url}`;
  const trails = section("Trails", trailTable(report), "None yet: create one with CreateTrail.");
  const sections = counts(report)
    ? [
        `${title}, up ${formatSeconds(report.uptimeSeconds)}`,
        ingestLine(report),
        section("Delivery", stageTable(report), "No stages."),
        trails,
        section("Rules", ruleTable(report), "None."),
        section("Last errors", errorTable(report), "None."),
      ]
    : [
        title,
        section("Queues", queueTable(report), "No queues."),
        trails,
        "Records, rules and errors are counted in CloudWatch.",
      ];
  return `${sections.join("\n\n")}\n`;
}

function counts(report: EndpointStatus | StatusReport): report is StatusReport {
  return "ingest" in report;
}

function ingestLine({ ingest }: StatusReport): string {
  return `Records: ${formatNumber(ingest.received)} received = ${formatNumber(ingest.accepted)} accepted + ${formatNumber(ingest.rejected)} rejected; ${formatNumber(ingest.unrouted)} that no trail wanted`;
}

function section(title: string, body: string | undefined, otherwise: string): string {
  return `${title}\n${(body ?? otherwise).replaceAll(/^(?=.)/gm, "  ")}`;
}

function queueTable({ stages }: EndpointStatus): string | undefined {
  const rows = stages.map((queue) => [...depthCells(queue), formatNumber(queue.deadLetters)]);
  const head = ["queue", "ready", "in flight", "oldest", "dead letters"];
  return rows.length === 0 ? undefined : formatTable(head, rows, [1, 2, 3, 4]);
}

function depthCells({ name, ready, inFlight, oldestAgeSeconds }: QueueStatus): readonly string[] {
  const age = oldestAgeSeconds === null ? "-" : formatSeconds(oldestAgeSeconds);
  return [name, formatNumber(ready), formatNumber(inFlight), age];
}

function stageTable({ stages }: StatusReport): string | undefined {
  const rows = stages.map((stage) => [
    ...depthCells(stage),
    formatNumber(stage.received),
    formatNumber(stage.delivered),
    skippedCell(stage.skipped),
    formatNumber(stage.failed),
    formatNumber(stage.deadLetters),
  ]);
  const head = [
    "stage",
    "ready",
    "in flight",
    "oldest",
    "received",
    "delivered",
    "skipped",
    "failed",
    "dead letters",
  ];
  return rows.length === 0 ? undefined : formatTable(head, rows, [1, 2, 3, 4, 5, 7, 8]);
}

function skippedCell(skipped: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(skipped).filter(([, count]) => count > 0);
  return reasons.map(([reason, count]) => `${formatNumber(count)} ${reason}`).join(", ") || "0";
}

function trailTable({ trails }: EndpointStatus): string | undefined {
  const rows = trails.map((trail) => [
    trail.trailArn,
    trail.isMultiRegionTrail ? "all regions" : trail.homeRegion,
    trail.isLogging ? "logging" : "stopped",
    trail.s3BucketName,
    deliveryCell(trail.latestDeliveryTime, trail.latestDeliveryError),
    deliveryCell(trail.latestNotificationTime, trail.latestNotificationError),
    deliveryCell(trail.latestCloudWatchLogsDeliveryTime, trail.latestCloudWatchLogsDeliveryError),
  ]);
  const head = ["trail", "takes", "state", "bucket", "last to S3", "last to SNS", "last to CloudWatch Logs"];
  return rows.length === 0 ? undefined : formatTable(head, rows);
}

function deliveryCell(time: string | null, error: string | null): string {
  return error === null ? (time ?? "-") : `${error} (last success: ${time ?? "none"})`;
}

function ruleTable({ rules }: StatusReport): string | undefined {
  const rows = rules.map((rule) => [
    rule.name,
    rule.state,
    formatNumber(rule.invocations),
    formatNumber(rule.failures),
    rule.description,
  ]);
  return rows.length === 0
    ? undefined
    : formatTable(["rule", "state", "invocations", "failures", "what it does"], rows, [2, 3]);
}

function errorTable({ lastErrors }: StatusReport): string | undefined {
  const rows = lastErrors.map((error) => [error.at, error.stage, error.message]);
  return rows.length === 0 ? undefined : formatTable(["when", "stage", "what"], rows);
}
