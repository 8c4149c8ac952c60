import { AuditRecorder } from "./audit-recorder.ts";
import type { AuditIdentity } from "./audited-call.ts";
import type { LambdaContext } from "./lambda-call.ts";
import type { RecorderOptions } from "./recorder-options.ts";
import type { RouteNames } from "./route.ts";

/** What is recorded of a handler's calls. What an extractor throws goes to `onError`; parameters are then left out. */
export interface CallOptions {
  /** The service's name in events: `shop.example.com`. */
  readonly eventSource: string;
  readonly routes?: RouteNames;
  /** The event's name, in place of the route's; undefined leaves it at that. */
  readonly eventName?: string | ((event: unknown, context: LambdaContext) => string | undefined);
  /** Who calls, in place of what the authorizer says; undefined leaves it at that. */
  readonly identity?: (event: unknown, context: LambdaContext) => AuditIdentity | undefined;
  /** The parameters, in place of path, query and body; `false` records none. */
  readonly parameters?: false | ((event: unknown, context: LambdaContext) => unknown);
  /** Records the answer: its JSON body with `true`; by default it does not. */
  readonly responseElements?: boolean | ((response: unknown, event: unknown) => unknown);
  /** More of the call, for `additionalEventData`. */
  readonly additionalEventData?: (
    event: unknown,
    context: LambdaContext,
  ) => Readonly<Record<string, unknown>> | undefined;
  /** Which calls are recorded: all, by default. */
  readonly include?: (event: unknown, context: LambdaContext) => boolean;
}

/** What is recorded, and a recorder or the options for one. */
export type AuditTrailOptions = CallOptions & (RecorderOptions | { readonly recorder: AuditRecorder });

/** The recorder that options give or ask for. @throws TypeError, RangeError as the recorder does */
export function recorderOf(options: AuditTrailOptions): AuditRecorder {
  if (typeof options.eventSource !== "string" || options.eventSource === "") {
    throw new TypeError("eventSource must be the name of the service that is called.");
  }
  return "recorder" in options ? options.recorder : new AuditRecorder(options);
}
