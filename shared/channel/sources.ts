import { AwsError } from "../error/aws-error.ts";

/**
 * What a channel's events may come from: `Custom`, or a partner by the name that CloudTrail has for it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-integration.html
 */
const CHANNEL_SOURCES: readonly string[] = [
  "Custom",
  "CloudStorageSecurityConsole",
  "Clumio",
  "CrowdStrike",
  "CyberArk",
  "GitHub",
  "IBMMulticloud",
  "KongGatewayEnterprise",
  "LaunchDarkly",
  "MontyCloud",
  "NetskopeCloudExchange",
  "OktaSystemLogEvents",
  "OneLogin",
  "Shoreline",
  "Snyk",
  "WizAuditLogs",
];

/** @throws AwsError InvalidSourceException */
export function requireChannelSource(source: string): void {
  if (CHANNEL_SOURCES.includes(source)) return;
  throw new AwsError(
    "InvalidSourceException",
    `The source is not valid: ${source}. Use Custom, or the name of a partner.`,
  );
}
