import type { AuditIdentity } from "./audited-call.ts";
import { firstText, memberOf, present, textAt } from "./unknown-value.ts";

/** Who calls an API that asks nobody who they are. */
export const ANONYMOUS: AuditIdentity = { type: "Anonymous", principalId: "anonymous" };

/**
 * Who called, as the authorizer of API Gateway or of a function URL says it: IAM, Cognito, JWT, a Lambda authorizer, an API
 * key. Claims are not recorded but for the user's name, the issuer, the client and the groups.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function callerIdentity(event: unknown): AuditIdentity {
  const authorizer = memberOf(event, "requestContext", "authorizer");
  const identity = memberOf(event, "requestContext", "identity");
  return (
    claimsIdentity(memberOf(authorizer, "jwt", "claims") ?? memberOf(authorizer, "claims")) ??
    iamIdentity(memberOf(authorizer, "iam"), "userId", "accessKey", "userArn") ??
    lambdaIdentity(memberOf(authorizer, "lambda") ?? authorizer) ??
    iamIdentity(identity, "user", "accessKey", "userArn") ??
    apiKeyIdentity(identity) ??
    ANONYMOUS
  );
}

/** Claims of a JWT. Cognito's name the pool as the issuer. */
function claimsIdentity(claims: unknown): AuditIdentity | undefined {
  const subject = firstText(claims, ["sub", "client_id", "azp"]);
  if (subject === undefined) return undefined;
  const issuer = textAt(claims, "iss");
  const isCognito = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com/.test(issuer ?? "");
  return {
    type: isCognito ? "CognitoUser" : "JwtSubject",
    principalId: subject,
    details: present({
      userName: firstText(claims, ["cognito:username", "username", "preferred_username"]),
      issuer,
      clientId: firstText(claims, ["client_id", "azp", "aud"]),
      groups: memberOf(claims, "cognito:groups"),
      scope: textAt(claims, "scope"),
    }),
  };
}

/** A signature of an IAM identity, or of a Cognito identity pool's. */
function iamIdentity(
  iam: unknown,
  principal: string,
  accessKey: string,
  arn: string,
): AuditIdentity | undefined {
  const userArn = textAt(iam, arn);
  const principalId = textAt(iam, principal) ?? userArn;
  if (principalId === undefined) return undefined;
  return {
    type: /:assumed-role\//.test(userArn ?? "") ? "AssumedRole" : "IAMUser",
    principalId,
    details: present({
      userName: userArn?.split("/").at(-1),
      arn: userArn,
      accountId: textAt(iam, "accountId"),
      accessKeyId: textAt(iam, accessKey),
      cognitoIdentityId: textAt(iam, "cognitoIdentityId") ?? textAt(iam, "cognitoIdentity", "identityId"),
    }),
  };
}

/** What a Lambda authorizer answered: its principal, or what of its context names one. */
function lambdaIdentity(context: unknown): AuditIdentity | undefined {
  const principalId = firstText(context, ["principalId", "sub", "userId", "user", "username"]);
  if (principalId === undefined) return undefined;
  const userName = firstText(context, ["userName", "username"]);
  return { type: "LambdaAuthorizer", principalId, details: present({ userName }) };
}

/** An API key tells which client calls; the key itself is a secret. */
function apiKeyIdentity(identity: unknown): AuditIdentity | undefined {
  const apiKeyId = textAt(identity, "apiKeyId");
  return apiKeyId === undefined ? undefined : { type: "ApiKey", principalId: apiKeyId };
}
