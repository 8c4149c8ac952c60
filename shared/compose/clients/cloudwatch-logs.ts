import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { cloudWatchLogGroups } from "../../adapters/aws/log-groups.ts";
import type { LogGroups } from "../../ports/log-groups.ts";
import { clientsByRegion, REQUEST_LIMITS } from "./settings.ts";

/** Trails' log groups, each in its own region. */
export function composeTrailLogGroups(): LogGroups {
  return cloudWatchLogGroups(
    clientsByRegion((region) => new CloudWatchLogsClient({ ...REQUEST_LIMITS, ...region })),
  );
}
