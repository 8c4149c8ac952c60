import { Command } from "commander";
import { signingKeysFrom } from "../shared/api/sign-request.ts";
import type { StatusReport } from "../shared/api/status.ts";
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
      const report = await getJson<StatusReport>(endpoint, "/_opentrail/status");
      process.stdout.write(
        options.json ? `${JSON.stringify(report, null, 2)}\n` : formatStatus(report, endpoint),
      );
    });
}

/** The report as text for a terminal. */
function formatStatus(report: StatusReport, endpoint: Pick<Endpoint, "url">): string {
  const { ingest } = report;
  const sections = [
    `OpenTrail ${report.version} (${report.host} host) at ${endpoint.url}, up ${formatSeconds(report.uptimeSeconds)}`,
    `Records: ${formatNumber(ingest.received)} received = ${formatNumber(ingest.accepted)} accepted + ${formatNumber(ingest.rejected)} rejected; ${formatNumber(ingest.unrouted)} that no trail wanted`,
    section("Delivery", stageTable(report), "No stages."),
    section("Trails", trailTable(report), "None yet: create one with CreateTrail."),
    section("Rules", ruleTable(report), "None."),
    section("Last errors", errorTable(report), "None."),
  ];
  return `${sections.join("\n\n")}\n`;
}

function section(title: string, body: string | undefined, otherwise: string): string {
  return `${title}\n${(body ?? otherwise).replaceAll(/^(?=.)/gm, "  ")}`;
}

function stageTable({ stages }: StatusReport): string | undefined {
  const rows = stages.map((stage) => [
    stage.name,
    formatNumber(stage.ready),
    formatNumber(stage.inFlight),
    stage.oldestAgeSeconds === null ? "-" : formatSeconds(stage.oldestAgeSeconds),
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

function trailTable({ trails }: StatusReport): string | undefined {
  const rows = trails.map((trail) => [
    trail.trailArn,
    trail.isMultiRegionTrail ? "all regions" : trail.homeRegion,
    trail.isLogging ? "logging" : "stopped",
    trail.s3BucketName,
    deliveryCell(trail.latestDeliveryTime, trail.latestDeliveryError),
    deliveryCell(trail.latestCloudWatchLogsDeliveryTime, trail.latestCloudWatchLogsDeliveryError),
  ]);
  const head = ["trail", "takes", "state", "bucket", "last to S3", "last to CloudWatch Logs"];
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
