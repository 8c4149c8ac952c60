import { dynamoDeliveryStatus } from "../adapters/aws/delivery-status.ts";
import { dynamoDigestStore } from "../adapters/aws/digest-store.ts";
import { dynamoLedger } from "../adapters/aws/ledger.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { FencePorts } from "../delivery/fence.ts";
import { createLogFileDelivery } from "../delivery/log-files.ts";
import { type SweepReport, sweepOpenFiles } from "../delivery/sweep.ts";
import { createDigestMaker, type DigestReport } from "../integrity/make-digests.ts";
import { composeBlocks } from "./blocks.ts";
import { dynamo } from "./clients/dynamodb.ts";
import { openSigningKeys } from "./clients/kms.ts";
import { openObjects } from "./clients/s3.ts";
import { composeTopics } from "./clients/sns.ts";
import type { DeliveryStage } from "./deliveries.ts";
import type { Environment } from "./environment.ts";
import { signingKeySettings } from "./signing-keys.ts";
import { composeTrails } from "./trails.ts";

/** For `functions/deliver/log-files`. @throws InvalidEnvironment */
export function composeLogFiles(env: Environment): DeliveryStage {
  const gzipLevel = env.integer("OPENTRAIL_GZIP_LEVEL", 1, 9, 6);
  return { blocks: composeBlocks(env), deliver: createLogFileDelivery(filePorts(env), { gzipLevel }) };
}

/** For `functions/sweep/log-files`. @throws InvalidEnvironment */
export function composeSweep(env: Environment): () => Promise<SweepReport> {
  const ports = filePorts(env);
  return () => sweepOpenFiles(ports);
}

/** Blocks travel through queues that cannot be asked: a run's last digest waits for this long, in ms. */
const LAST_DIGEST_AFTER_MS = 10 * 60_000;

/** For `functions/digest/digest-files`. @throws InvalidEnvironment */
export function composeDigests(env: Environment): () => Promise<DigestReport> {
  const digests = env.text("OPENTRAIL_DIGESTS_TABLE");
  const tables = { digests, ledger: env.text("OPENTRAIL_LEDGER_TABLE") };
  return createDigestMaker(
    {
      ...filePorts(env),
      digests: dynamoDigestStore(dynamo(), systemClock, tables),
      keys: openSigningKeys(signingKeySettings(env)),
      trails: composeTrails(env),
    },
    {
      intervalMs: env.integer("OPENTRAIL_DIGEST_INTERVAL_SECONDS", 60, 24 * 60 * 60, 60 * 60) * 1_000,
      settleMs: LAST_DIGEST_AFTER_MS,
    },
  );
}

function filePorts(env: Environment): FencePorts {
  return {
    ledger: dynamoLedger(dynamo(), systemClock, env.text("OPENTRAIL_LEDGER_TABLE")),
    objects: openObjects(env),
    topics: composeTopics(),
    status: dynamoDeliveryStatus(dynamo(), env.text("OPENTRAIL_DELIVERY_STATUS_TABLE")),
    clock: systemClock,
  };
}
