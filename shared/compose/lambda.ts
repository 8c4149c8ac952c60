import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics } from "@aws-lambda-powertools/metrics";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { cloudWatchMetrics } from "../adapters/aws/metrics.ts";

const powertoolsMetrics = new Metrics({ namespace: "OpenTrail" });

/** Logs JSON lines with the invocation's context. */
export const logger = new Logger();

/** Counts that go to CloudWatch when the invocation ends. */
export const metrics = cloudWatchMetrics(powertoolsMetrics);

/** A function's handler, for Lambda and for any other host. */
export type FunctionHandler<Event, Result> = (event: Event, context?: Context) => Promise<Result>;

/** Makes a handler of a function's body: with Powertools' logger and metrics around it. */
export function lambdaHandler<Event, Result>(
  body: (event: Event, context: Context) => Promise<Result>,
): FunctionHandler<Event, Result> {
  const handler = middy(body)
    .use(injectLambdaContext(logger))
    .use({ after: publishMetrics, onError: publishMetrics });
  return async (event, context = NO_LAMBDA) => handler(event, context);
}

/** In place of Powertools' own middleware, which warns of every invocation that counted nothing. */
function publishMetrics(): void {
  if (powertoolsMetrics.hasStoredMetrics()) powertoolsMetrics.publishStoredMetrics();
}

/** The account that a function runs in: the one in its own ARN. */
export function accountOf({ invokedFunctionArn }: Context): string {
  return invokedFunctionArn.split(":")[4] ?? "";
}

/** Lambda's own limit, in ms: middy makes a timer of it, and a timer takes no more than 31 bits. */
const LONGEST_INVOCATION_MS = 15 * 60_000;

/** The context on hosts that have none. */
const NO_LAMBDA: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "opentrail",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:opentrail",
  memoryLimitInMB: "0",
  awsRequestId: "",
  logGroupName: "",
  logStreamName: "",
  getRemainingTimeInMillis: () => LONGEST_INVOCATION_MS,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
