import type { SQSBatchResponse } from "aws-lambda";
import { batchResponse, eventMessages } from "../../shared/adapters/aws/sqs-batch.ts";
import { Environment } from "../../shared/compose/environment.ts";
import { lambdaHandler, logger, metrics } from "../../shared/compose/lambda.ts";
import { once } from "../../shared/compose/once.ts";
import { composeSourceLogFiles } from "../../shared/compose/source-log-files.ts";

const takeLogFiles = once(() => composeSourceLogFiles(new Environment(process.env), metrics));

/** SQS queue `source-log-files` → the records of the log files that its messages tell of. Answers the messages that failed. */
export const handler = lambdaHandler<unknown, SQSBatchResponse>(async (event) => {
  const messages = eventMessages(event);
  if (messages === undefined) throw new Error("The function takes batches of SQS messages, and nothing else");
  const failed = await takeLogFiles()(messages);
  for (const [messageId, error] of failed) logger.error("Log file not taken", { messageId, error });
  return batchResponse(failed);
});
