import { type AuditTrailOptions, recorderOf } from "./call-options.ts";
import { beginCall } from "./handler-audit.ts";
import type { LambdaContext } from "./lambda-call.ts";

/**
 * Records each call of a Lambda handler: of any function of an event and a context that gives a promise or a value.
 * Handlers that answer by a callback or a stream are not meant: record those by hand.
 * @throws TypeError, RangeError if an option is not what it must be: when the function starts, never in a call
 */
export function auditHandler<Event, Context, Result>(
  handler: (event: Event, context: Context) => Promise<Result> | Result,
  options: AuditTrailOptions,
): (event: Event, context: Context) => Promise<Result> {
  const recorder = recorderOf(options);
  return async (event, context) => {
    const end = beginCall(recorder, options, event, context as LambdaContext | undefined);
    try {
      const response = await handler(event, context);
      await end?.({ response });
      return response;
    } catch (error) {
      await end?.({ error });
      throw error;
    }
  };
}
