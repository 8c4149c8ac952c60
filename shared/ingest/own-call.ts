import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";

/**
 * Whether a record is of a call that OpenTrail's own stack made, or of Lambda taking on one of its roles to run it.
 * Ingesting those would make every delivery cause another one.
 * @param ownRoles ARNs of the stack's roles, or their beginnings
 */
export function isOwnCall(fields: JsonObject, ownRoles: readonly string[]): boolean {
  const identity = objectAt(fields, "userIdentity");
  const issuer = objectAt(objectAt(identity, "sessionContext"), "sessionIssuer");
  const assumed = fields.eventName === "AssumeRole" && identity.type === "AWSService";
  const arns = [identity.arn, issuer.arn, assumed && objectAt(fields, "requestParameters").roleArn];
  return arns.some((arn) => typeof arn === "string" && ownRoles.some((role) => arn.startsWith(role)));
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value: JsonValue | undefined = object[name];
  return isJsonObject(value) ? value : {};
}
