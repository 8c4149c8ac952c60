import { SNSClient } from "@aws-sdk/client-sns";
import { snsActivityTopic } from "../adapters/aws/activity-topic.ts";
import type { BlockStore } from "../adapters/aws/block-store.ts";
import { dynamoImportStore } from "../adapters/aws/import-store.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { type Ingest, makeIngest } from "../ingest/ingest.ts";
import type { OwnArns } from "../ingest/own-call.ts";
import type { ImportStore } from "../ports/import-store.ts";
import type { Metrics } from "../ports/metrics.ts";
import { dynamo } from "./clients/dynamodb.ts";
import { HERE, type Home, REQUEST_LIMITS } from "./clients/settings.ts";
import type { Environment } from "./environment.ts";
import { historyScope } from "./history.ts";
import { composeTrails } from "./trails.ts";

const KIB = 1024;

const RECORDS_A_BLOCK = 5_000;

/**
 * How often a message's size a block's records are, before they are packed to an eighth and written in base64: so that
 * blocks travel in their messages, and Lambda's limit of a batch counts them.
 */
const PACKED_WITHIN_A_MESSAGE = 4;

/** What every source's records go through. @throws InvalidEnvironment */
export function composeIngest(
  env: Environment,
  metrics: Metrics,
  blocks: BlockStore,
  home: Home = HERE,
): Ingest {
  const sns = new SNSClient({ ...REQUEST_LIMITS, ...home });
  const maxMessageBytes = env.integer("OPENTRAIL_TOPIC_MAX_MESSAGE_BYTES", KIB, KIB * KIB, 256 * KIB);
  const topic = snsActivityTopic(sns, blocks, systemClock, {
    topicArn: env.text("OPENTRAIL_TOPIC_ARN"),
    maxMessageBytes,
  });
  const blockLimits = { records: RECORDS_A_BLOCK, bytes: PACKED_WITHIN_A_MESSAGE * maxMessageBytes };
  const trails = composeTrails(env, home);
  return makeIngest({ trails, topic, clock: systemClock, metrics, history: historyScope(env), blockLimits });
}

/** What is the stack's own; undefined where its own calls are wanted. */
export function ownArns(env: Environment): OwnArns | undefined {
  return env.flag("OPENTRAIL_INGEST_OWN_CALLS", false)
    ? undefined
    : { roles: env.list("OPENTRAIL_OWN_ROLES"), resources: env.list("OPENTRAIL_OWN_RESOURCES") };
}

export function composeImports(env: Environment): ImportStore {
  const days = env.integer("OPENTRAIL_IMPORT_MEMORY_DAYS", 30, 36_500, 400);
  return dynamoImportStore(dynamo(), systemClock, env.text("OPENTRAIL_IMPORTS_TABLE"), days * 86_400_000);
}
