import { Environment } from "../../shared/compose/environment.ts";
import { lambdaHandler, logger, metrics } from "../../shared/compose/lambda.ts";
import { composeDigests } from "../../shared/compose/log-files.ts";
import { once } from "../../shared/compose/once.ts";

const makeDigests = once(() => composeDigests(new Environment(process.env)));

/** Schedule, every five minutes → the digest files that are due, in the trails' buckets. Answers the counts. */
export const handler = lambdaHandler(async () => {
  const { delivered, backfills, failed } = await makeDigests()();
  for (const [chain, error] of failed) logger.error("Digest left to a later run", { chain, error });
  metrics.count("DigestFilesDelivered", delivered);
  metrics.count("BackfillDigestFilesDelivered", backfills);
  metrics.count("DigestFilesFailed", failed.size);
  return { delivered, backfills, failed: failed.size };
});
