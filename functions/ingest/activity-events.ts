import type { SQSBatchResponse } from "aws-lambda";
import { batchResponse, eventMessages } from "../../shared/adapters/aws/sqs-batch.ts";
import { composeActivityEvents } from "../../shared/compose/aws.ts";
import { Environment } from "../../shared/compose/environment.ts";
import { accountOf, lambdaHandler, logger, metrics } from "../../shared/compose/lambda.ts";
import { once } from "../../shared/compose/once.ts";
import type { IngestReport } from "../../shared/ingest/ingest.ts";

const activityEvents = once(() => composeActivityEvents(new Environment(process.env), metrics));

/**
 * An EventBridge event, an array of records or `{"Records":[…]}` → the ingest report, or an error for an event that
 * was not taken. SQS batch of EventBridge events → the messages that failed.
 */
export const handler = lambdaHandler<unknown, IngestReport | SQSBatchResponse>(async (event, context) => {
  const messages = eventMessages(event);
  if (messages === undefined) return activityEvents().takePayload(event, accountOf(context));
  const failed = await activityEvents().takeMessages(messages);
  for (const [messageId, error] of failed) logger.error("Event not taken", { messageId, error });
  return batchResponse(failed);
});
