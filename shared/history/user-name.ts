import { isJsonObject } from "../event/json.ts";

/**
 * The user name of an event in the event history: an IAM user's name; `root`; the session's name of an assumed role
 * or a federated user, which is what follows the colon of its principal id. Services have none. Applications' events
 * have no place for a name but their identity's details: `details.userName`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function userNameOf(userIdentity: unknown): string | undefined {
  if (!isJsonObject(userIdentity)) {
    return undefined;
  }
  const { type, userName, principalId, arn } = userIdentity;
  if (type === "Root") {
    return "root";
  }
  if (typeof userName === "string" && userName !== "") {
    return userName;
  }
  switch (type) {
    case "AssumedRole":
    case "FederatedUser":
    case "WebIdentityUser":
    case "SAMLUser":
    case "AWSAccount":
      return afterLast(principalId, ":") ?? (type === "AWSAccount" ? undefined : afterLast(arn, "/"));
    case "IAMUser":
      return afterLast(arn, "/");
    default:
      return nameInDetails(userIdentity.details);
  }
}

function nameInDetails(details: unknown): string | undefined {
  const name = isJsonObject(details) ? details.userName : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

function afterLast(text: unknown, separator: string): string | undefined {
  if (typeof text !== "string") {
    return undefined;
  }
  const at = text.lastIndexOf(separator);
  return at === -1 || at === text.length - 1 ? undefined : text.slice(at + 1);
}
