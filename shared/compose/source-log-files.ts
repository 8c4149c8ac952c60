import { s3SourceFiles } from "../adapters/aws/source-files.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { makeTakeLogFiles, type TakeLogFiles } from "../ingest/log-files.ts";
import type { Metrics } from "../ports/metrics.ts";
import { composeBlocks } from "./blocks.ts";
import { s3 } from "./clients/s3.ts";
import type { Environment } from "./environment.ts";
import { composeImports, composeIngest, ownArns } from "./ingest.ts";
import { logger } from "./lambda.ts";

/** For `functions/ingest/log-files`. @throws InvalidEnvironment */
export function composeSourceLogFiles(env: Environment, metrics: Metrics): TakeLogFiles {
  return makeTakeLogFiles({
    files: s3SourceFiles(s3(env)),
    imports: composeImports(env),
    ingest: composeIngest(env, metrics, composeBlocks(env)),
    clock: systemClock,
    metrics,
    own: ownArns(env),
    emitsRecent: env.flag("OPENTRAIL_EMIT_LOG_FILES", false),
    reportRefused: (location, { refused, firstRefused }) =>
      logger.warn("Records of a log file were refused", { ...location, refused, firstRefused }),
  });
}
