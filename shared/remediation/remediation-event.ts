import { isJsonObject, type JsonObject } from "../event/json.ts";

/** The event is none that a remediation can be given. */
export class InvalidRemediationEvent extends Error {
  override readonly name = "InvalidRemediationEvent";
}

/** A record that reached a remediation, in an EventBridge event. */
export interface RemediationEvent {
  readonly accountId: string;
  readonly region: string;
  readonly eventId: string;
  readonly eventSource: string;
  readonly eventName: string;
  /** Empty for a call without any. */
  readonly requestParameters: JsonObject;
  /** Name of the role whose session made the call; absent if it was no role's. */
  readonly callerRole?: string;
  /** Whether the call changed anything: false for a call that failed, and for a dry run, which is answered as an error. */
  readonly tookEffect: boolean;
}

/** Reads what EventBridge hands to a target. @throws InvalidRemediationEvent */
export function readRemediationEvent(event: unknown): RemediationEvent {
  const detail = isJsonObject(event) ? event.detail : undefined;
  if (!isJsonObject(event) || !isJsonObject(detail)) {
    throw new InvalidRemediationEvent("The event has no detail");
  }
  const { requestParameters, errorCode, recipientAccountId } = detail;
  const callerRole = callerRoleOf(detail);
  return {
    accountId: textOf({ account: recipientAccountId ?? event.account }, "account"),
    region: textOf(detail, "awsRegion"),
    eventId: textOf(detail, "eventID"),
    eventSource: textOf(detail, "eventSource"),
    eventName: textOf(detail, "eventName"),
    requestParameters: isJsonObject(requestParameters) ? requestParameters : {},
    ...(callerRole !== undefined && { callerRole }),
    tookEffect: errorCode === undefined || errorCode === null,
  };
}

function textOf(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== "string") throw new InvalidRemediationEvent(`The record has no ${name}`);
  return value;
}

function callerRoleOf({ userIdentity }: JsonObject): string | undefined {
  if (!isJsonObject(userIdentity) || !isJsonObject(userIdentity.sessionContext)) return undefined;
  const issuer = userIdentity.sessionContext.sessionIssuer;
  return isJsonObject(issuer) && typeof issuer.userName === "string" ? issuer.userName : undefined;
}
