import { attemptWith } from "./attempt.ts";
import type { AuditRecorder } from "./audit-recorder.ts";
import type { AuditedCall, AuditIdentity } from "./audited-call.ts";
import { ANONYMOUS } from "./caller-identity.ts";
import { outcomeOfError } from "./outcome.ts";

/** What is recorded of a function's calls. What an extractor throws goes to the recorder's `onError`. */
export interface AuditedOptions<Arguments extends readonly unknown[], Result> {
  readonly recorder: AuditRecorder;
  readonly eventSource: string;
  readonly eventName: string;
  /** Who calls. */
  readonly identity: (...args: Arguments) => AuditIdentity;
  /** What is recorded of the arguments: nothing, by default. */
  readonly parameters?: (...args: Arguments) => unknown;
  /** What is recorded of the result: nothing, by default. */
  readonly responseElements?: (result: Result) => unknown;
  /** More of the call: `sourceIPAddress`, `userAgent`, `requestID`… */
  readonly details?: (...args: Arguments) => Partial<AuditedCall>;
}

/**
 * A function that does the same and records each call when it has ended. It waits for nothing: events are sent while
 * the process goes on, and with `recorder.close()`.
 */
export function audited<Arguments extends readonly unknown[], Returned>(
  run: (...args: Arguments) => Returned,
  options: AuditedOptions<Arguments, Awaited<Returned>>,
): (...args: Arguments) => Returned {
  const { recorder, eventSource, eventName, identity, parameters, responseElements, details } = options;

  const attempt = attemptWith((error) => recorder.report(error));

  return (...args) => {
    const begun: AuditedCall = {
      ...attempt(() => details?.(...args)),
      eventSource,
      eventName,
      userIdentity: attempt(() => identity(...args)) ?? ANONYMOUS,
      requestParameters: recorder.copyOf(
        "requestParameters",
        attempt(() => parameters?.(...args)),
      ),
    };

    function succeed(result: Awaited<Returned>): void {
      recorder.record({ ...begun, responseElements: attempt(() => responseElements?.(result)) });
    }
    function fail(error: unknown): void {
      recorder.record({ ...begun, ...attempt(() => outcomeOfError(error)) });
    }

    let returned: Returned;
    try {
      returned = run(...args);
    } catch (error) {
      fail(error);
      throw error;
    }
    // Beside the promise that the caller gets: a rejection that nobody handles stays one.
    if (returned instanceof Promise) returned.then(succeed, fail);
    else succeed(returned as Awaited<Returned>);
    return returned;
  };
}
