import { Environment } from "../../shared/compose/environment.ts";
import { lambdaHandler, logger, metrics } from "../../shared/compose/lambda.ts";
import { composeSweep } from "../../shared/compose/log-files.ts";
import { once } from "../../shared/compose/once.ts";

const sweep = once(() => composeSweep(new Environment(process.env)));

/** Schedule → the log files that workers left open are settled or voided. Answers the counts. */
export const handler = lambdaHandler(async () => {
  const { settled, voided, unreachable } = await sweep()();
  for (const [file, error] of unreachable) logger.warn("Log file left to the next sweep", { file, error });
  metrics.count("LogFilesSettled", settled);
  metrics.count("LogFilesVoided", voided);
  metrics.count("LogFilesUnreachable", unreachable.size);
  return { settled, voided, unreachable: unreachable.size };
});
