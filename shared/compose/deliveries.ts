import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { BlockStore } from "../adapters/aws/block-store.ts";
import { dynamoDeliveryStatus } from "../adapters/aws/delivery-status.ts";
import { eventBridgeBus } from "../adapters/aws/event-bus.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Deliver } from "../delivery/batch.ts";
import { createEventBusDelivery } from "../delivery/event-bus.ts";
import { createHistoryDelivery } from "../delivery/history.ts";
import { createLogGroupDelivery } from "../delivery/log-groups.ts";
import { composeBlocks } from "./blocks.ts";
import { composeTrailLogGroups } from "./clients/cloudwatch-logs.ts";
import { dynamo } from "./clients/dynamodb.ts";
import { REQUEST_LIMITS } from "./clients/settings.ts";
import { type Environment, InvalidEnvironment } from "./environment.ts";
import { historyScope, openHistory } from "./history.ts";
import { logger } from "./lambda.ts";

/** A delivery stage with what turns messages into blocks. */
export interface DeliveryStage {
  readonly blocks: BlockStore;
  readonly deliver: Deliver;
}

/** For `functions/deliver/log-groups`. @throws InvalidEnvironment */
export function composeLogGroups(env: Environment): DeliveryStage {
  const status = dynamoDeliveryStatus(dynamo(), env.text("OPENTRAIL_DELIVERY_STATUS_TABLE"));
  return {
    blocks: composeBlocks(env),
    deliver: createLogGroupDelivery({ logGroups: composeTrailLogGroups(), status, clock: systemClock }),
  };
}

/**
 * PutEvents takes 10 events and some 20 ms: a batch of 30,000 must not wait for 3,000 calls one after another. Fewer
 * than the SDK has connections (50).
 */
const BUS_CALLS_AT_ONCE = 24;

/** For `functions/deliver/event-bus`. @throws InvalidEnvironment */
export function composeEventBus(env: Environment): DeliveryStage {
  const busName = env.text("OPENTRAIL_EVENT_BUS");
  const defaultBus = env.optional("OPENTRAIL_DEFAULT_BUS");
  if (/(^|\/)default$/.test(busName) && defaultBus !== "destination") {
    throw new InvalidEnvironment(
      "OPENTRAIL_EVENT_BUS is the default bus, and OPENTRAIL_DEFAULT_BUS does not say destination: " +
        "what is emitted there would be taken in again",
    );
  }
  const bus = eventBridgeBus(new EventBridgeClient(REQUEST_LIMITS), busName);
  const settings = {
    eventSourcePrefix: env.optional("OPENTRAIL_EVENT_SOURCE_PREFIX") ?? "opentrail.",
    sendReadOnlyApiCalls: env.flag("OPENTRAIL_SEND_READ_ONLY_API_CALLS", false),
    callsAtOnce: BUS_CALLS_AT_ONCE,
  };
  return {
    blocks: composeBlocks(env),
    deliver: createEventBusDelivery({ bus, clock: systemClock }, settings),
  };
}

/** For `functions/deliver/history`. @throws InvalidEnvironment */
export function composeHistory(env: Environment): DeliveryStage {
  return {
    blocks: composeBlocks(env),
    deliver: createHistoryDelivery(
      {
        history: openHistory(env),
        reportFailure: (error) => logger.error("The event history was not merged", error as Error),
      },
      { scope: historyScope(env) },
    ),
  };
}
