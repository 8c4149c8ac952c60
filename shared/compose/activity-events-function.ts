import type { SQSBatchResponse } from "aws-lambda";
import { batchResponse, eventMessages } from "../adapters/aws/sqs-batch.ts";
import type { ActivityEvents } from "../ingest/activity-events.ts";
import type { IngestReport } from "../ingest/ingest.ts";
import type { Metrics } from "../ports/metrics.ts";
import { Environment } from "./environment.ts";
import { failuresByError } from "./failures-by-error.ts";
import { accountOf, type FunctionHandler, lambdaHandler, logger, metrics } from "./lambda.ts";
import { once } from "./once.ts";

/**
 * The handler of a function that takes in activity events. SQS batch of EventBridge events → the messages that failed.
 * An EventBridge event, an array of records or `{"Records":[…]}` → the ingest report, or an error for an event that was
 * not taken.
 */
export function activityEventsFunction(
  compose: (env: Environment, metrics: Metrics) => ActivityEvents,
): FunctionHandler<unknown, IngestReport | SQSBatchResponse> {
  const activityEvents = once(() => compose(new Environment(process.env), metrics));
  return lambdaHandler(async (event, context) => {
    const messages = eventMessages(event);
    if (messages === undefined) return activityEvents().takePayload(event, accountOf(context));
    const failed = await activityEvents().takeMessages(messages);
    for (const { error, messageIds } of failuresByError(failed)) {
      logger.error("Events not taken", { messageIds, error });
    }
    return batchResponse(failed);
  });
}
