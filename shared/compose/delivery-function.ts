import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { batchResponse, deliverBatch } from "../adapters/aws/sqs-batch.ts";
import type { Destination } from "../event/block.ts";
import type { DeliveryStage } from "./deliveries.ts";
import { Environment } from "./environment.ts";
import { failuresByError } from "./failures-by-error.ts";
import { type FunctionHandler, lambdaHandler, logger, metrics } from "./lambda.ts";
import { once } from "./once.ts";

/**
 * The handler of a delivery function: an SQS batch in, the messages that failed out. Every failure is logged, once for
 * all messages that share it; the records are counted by stage, and received = delivered + skipped + failed.
 */
export function deliveryFunction(
  stage: Destination,
  compose: (env: Environment) => DeliveryStage,
): FunctionHandler<SQSEvent, SQSBatchResponse> {
  const composed = once(() => compose(new Environment(process.env)));
  return lambdaHandler(async ({ Records }, context) => {
    const { blocks, deliver } = composed();
    const { failed, counts } = await deliverBatch(Records, blocks, deliver, () =>
      context.getRemainingTimeInMillis(),
    );
    for (const { error, messageIds } of failuresByError(failed)) {
      logger.error("Messages failed", { stage, messageIds, error });
    }
    metrics.count("RecordsReceived", counts.received, { stage });
    metrics.count("RecordsDelivered", counts.delivered, { stage });
    metrics.count("RecordsFailed", counts.failed, { stage });
    for (const [reason, records] of Object.entries(counts.skipped)) {
      metrics.count("RecordsSkipped", records, { stage, reason });
    }
    return batchResponse(failed);
  });
}
