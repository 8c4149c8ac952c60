import { Environment } from "../../shared/compose/environment.ts";
import { lambdaHandler, logger, metrics } from "../../shared/compose/lambda.ts";
import { once } from "../../shared/compose/once.ts";
import { composeRestartStoppedTrail } from "../../shared/compose/remediation.ts";
import { makeRestartStoppedTrail } from "../../shared/remediation/restart-stopped-trail.ts";

const restart = once(() =>
  makeRestartStoppedTrail(composeRestartStoppedTrail(new Environment(process.env), metrics)),
);

/** EventBridge event of StopLogging → the trail logs again. Answers what was done. */
export const handler = lambdaHandler(async (event: unknown) => {
  const report = await restart()(event);
  const spent = report.outcome === "budget-spent";
  logger[spent ? "error" : "info"](`Stopped trail: ${report.outcome}`, { ...report });
  return report;
});
