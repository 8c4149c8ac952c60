import { type AuditTrailOptions, recorderOf } from "./call-options.ts";
import { beginCall, type EndCall } from "./handler-audit.ts";
import type { LambdaContext } from "./lambda-call.ts";

/** What of middy's request is used. */
interface MiddyRequest {
  readonly event: unknown;
  readonly context: LambdaContext;
  readonly response: unknown;
  readonly error: unknown;
}

/** A middleware of middy 5 and later. */
export interface AuditTrailMiddleware {
  readonly before: (request: MiddyRequest) => void;
  readonly after: (request: MiddyRequest) => Promise<void>;
  readonly onError: (request: MiddyRequest) => Promise<void>;
}

/**
 * The middleware that records each call of a middy handler. Use it first: it then sees the event as it came and the
 * answer as it goes. A middleware that answers early in `before` ends the call without a word to those used before
 * it; put `auditHandler` around the whole where there is one.
 * https://middy.js.org/docs/intro/how-it-works
 *
 * @throws TypeError, RangeError if an option is not what it must be: when the function starts, never in a call
 */
export function auditTrail(options: AuditTrailOptions): AuditTrailMiddleware {
  const recorder = recorderOf(options);
  const running = new WeakMap<MiddyRequest, EndCall>();

  function take(request: MiddyRequest): EndCall | undefined {
    const end = running.get(request);
    running.delete(request);
    return end;
  }

  return {
    before: (request) => {
      const end = beginCall(recorder, options, request.event, request.context);
      if (end) running.set(request, end);
    },
    after: async (request) => take(request)?.({ response: request.response }),
    onError: async (request) => take(request)?.({ error: request.error }),
  };
}
