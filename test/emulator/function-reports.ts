import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Usage } from "../../cost/prices.ts";
import { logs } from "./world.ts";

/** What Lambda charges for the invocations of a function since a time, by the reports in its log. */
export async function invocationsOf(functionName: string, startTime: number): Promise<Usage> {
  let requests = 0;
  let gbSeconds = 0;
  const pages = paginateFilterLogEvents(
    { client: logs },
    { logGroupName: `/aws/lambda/${functionName}`, startTime },
  );
  for await (const { events = [] } of pages) {
    for (const { message = "" } of events) {
      const [, ms, mb] = /^REPORT .*Billed Duration: ([\d.]+) ms\s+Memory Size: (\d+) MB/.exec(message) ?? [];
      if (ms === undefined || mb === undefined) continue;
      requests += 1;
      gbSeconds += (Number(ms) / 1000) * (Number(mb) / 1024);
    }
  }
  return { "lambda.requests": requests, "lambda.gbSeconds": gbSeconds };
}
