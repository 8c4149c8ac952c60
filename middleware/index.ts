export type { AuditEvent } from "./audit-entry.ts";
export { auditHandler } from "./audit-handler.ts";
export { type AuditCounts, AuditRecorder } from "./audit-recorder.ts";
export { type AuditTrailMiddleware, auditTrail } from "./audit-trail.ts";
export { type AuditedOptions, audited } from "./audited.ts";
export type { AuditedCall, AuditIdentity } from "./audited-call.ts";
export type { AuditTrailOptions, CallOptions } from "./call-options.ts";
export type { AuditCredentials } from "./credentials.ts";
export type { LambdaContext } from "./lambda-call.ts";
export {
  PutAuditEventsError,
  type PutAuditEventsInput,
  type PutAuditEventsOutput,
  type SendAuditEvents,
} from "./put-audit-events.ts";
export type { DroppedEvents, DropReason, RecorderOptions, RedactionOptions } from "./recorder-options.ts";
export { HIDDEN } from "./redacted-copy.ts";
export type { RouteNames } from "./route.ts";
export { SECRET_NAMES } from "./secret-names.ts";
