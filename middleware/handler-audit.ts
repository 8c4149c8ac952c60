import { type Attempt, attemptWith } from "./attempt.ts";
import type { AuditRecorder } from "./audit-recorder.ts";
import type { AuditedCall } from "./audited-call.ts";
import type { CallOptions } from "./call-options.ts";
import { callerIdentity } from "./caller-identity.ts";
import { eventNameOf } from "./event-name.ts";
import { type LambdaContext, lambdaCall } from "./lambda-call.ts";
import { outcomeOfError, outcomeOfResponse, responseBody } from "./outcome.ts";
import { requestParameters } from "./request-parameters.ts";
import { routeOf } from "./route.ts";

/** How a handler ended. */
export type HandlerEnd = { readonly response: unknown } | { readonly error: unknown };

/** A call that runs: ends it, records it, and sends what waits within the recorder's bound. Never rejects. */
export type EndCall = (end: HandlerEnd) => Promise<void>;

/** Kept of the invocation's time when events are sent at its end. */
const MARGIN_MS = 50;

/**
 * Notes a call before its handler runs, since handlers change their events. Neither it nor what it gives throws or
 * changes anything of the event, the answer or the error.
 * @returns undefined if the call is not to be recorded
 */
export function beginCall(
  recorder: AuditRecorder,
  options: CallOptions,
  event: unknown,
  context: LambdaContext = {},
): EndCall | undefined {
  const attempt = attemptWith((error) => recorder.report(error));
  if (attempt(() => options.include?.(event, context)) === false) return undefined;
  const begun = describeCall(attempt, recorder, options, event, context);
  return async (end) => {
    const ended =
      "error" in end
        ? attempt(() => outcomeOfError(end.error))
        : {
            ...attempt(() => outcomeOfResponse(end.response)),
            responseElements: attempt(() => elementsOf(end.response, event, options)),
          };
    recorder.record({ ...begun, ...ended });
    const left = attempt(() => context.getRemainingTimeInMillis?.()) ?? Number.POSITIVE_INFINITY;
    await recorder.flush(Math.min(recorder.flushTimeoutMs, left - MARGIN_MS));
  };
}

function describeCall(
  attempt: Attempt,
  recorder: AuditRecorder,
  options: CallOptions,
  event: unknown,
  context: LambdaContext,
): AuditedCall {
  const { eventSource, eventName, routes = {}, identity, additionalEventData } = options;
  const { method, resource, path, ...client } = lambdaCall(event, context);
  const route = routeOf({ method, resource, path }, routes);
  const given = typeof eventName === "function" ? attempt(() => eventName(event, context)) : eventName;
  const parameters = attempt(() => {
    if (options.parameters === false) return undefined;
    if (options.parameters) return options.parameters(event, context);
    return method === undefined ? undefined : requestParameters(event, { method, resource, path }, route);
  });
  return {
    ...client,
    eventSource,
    eventName: given ?? eventNameOf(method, route),
    userIdentity: attempt(() => identity?.(event, context)) ?? callerIdentity(event),
    requestParameters: recorder.copyOf("requestParameters", parameters),
    additionalEventData: attempt(() => additionalEventData?.(event, context)),
  };
}

function elementsOf(response: unknown, event: unknown, { responseElements }: CallOptions): unknown {
  if (typeof responseElements === "function") return responseElements(response, event);
  return responseElements ? responseBody(response) : undefined;
}
