import { describe, expect, it } from "vitest";
import { ANONYMOUS, callerIdentity } from "../../../middleware/caller-identity.ts";
import { httpApiEvent, restApiEvent } from "../../support/api-gateway-events.ts";

const POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE";

describe("callerIdentity", () => {
  it.each([
    [
      "a Cognito user of an HTTP API",
      httpApiEvent(
        {},
        { jwt: { claims: { sub: "u-1", iss: POOL, username: "ana", client_id: "c-1" }, scopes: null } },
      ),
      {
        type: "CognitoUser",
        principalId: "u-1",
        details: { userName: "ana", issuer: POOL, clientId: "c-1" },
      },
    ],
    [
      "a Cognito user of a REST API",
      restApiEvent({
        authorizer: {
          claims: { sub: "u-1", iss: POOL, "cognito:username": "ana", aud: "c-1", email: "ana@example.com" },
        },
      }),
      {
        type: "CognitoUser",
        principalId: "u-1",
        details: { userName: "ana", issuer: POOL, clientId: "c-1" },
      },
    ],
    [
      "a JWT of another issuer",
      httpApiEvent(
        {},
        { jwt: { claims: { sub: "auth0|7", iss: "https://id.example.com/", scope: "orders" } } },
      ),
      {
        type: "JwtSubject",
        principalId: "auth0|7",
        details: { issuer: "https://id.example.com/", scope: "orders" },
      },
    ],
    [
      "a role that signs for an HTTP API or a function URL",
      httpApiEvent(
        {},
        {
          iam: {
            accessKey: "ASIAIOSFODNN7EXAMPLE",
            accountId: "111122223333",
            callerId: "AROAEXAMPLE:ci",
            cognitoIdentity: null,
            userArn: "arn:aws:sts::111122223333:assumed-role/deploy/ci",
            userId: "AROAEXAMPLE:ci",
          },
        },
      ),
      {
        type: "AssumedRole",
        principalId: "AROAEXAMPLE:ci",
        details: {
          userName: "ci",
          arn: "arn:aws:sts::111122223333:assumed-role/deploy/ci",
          accountId: "111122223333",
          accessKeyId: "ASIAIOSFODNN7EXAMPLE",
        },
      },
    ],
    [
      "a user that signs for a REST API",
      restApiEvent({
        identity: {
          accessKey: "AKIAIOSFODNN7EXAMPLE",
          accountId: "111122223333",
          caller: "AIDAEXAMPLE",
          user: "AIDAEXAMPLE",
          userArn: "arn:aws:iam::111122223333:user/ana",
        },
      }),
      {
        type: "IAMUser",
        principalId: "AIDAEXAMPLE",
        details: {
          userName: "ana",
          arn: "arn:aws:iam::111122223333:user/ana",
          accountId: "111122223333",
          accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        },
      },
    ],
    [
      "a Lambda authorizer's principal of a REST API",
      restApiEvent({ authorizer: { principalId: "ana", integrationLatency: 12 } }),
      { type: "LambdaAuthorizer", principalId: "ana", details: {} },
    ],
    [
      "what a Lambda authorizer's context of an HTTP API names",
      httpApiEvent({}, { lambda: { userId: "u-1", username: "ana", secret: "x" } }),
      { type: "LambdaAuthorizer", principalId: "u-1", details: { userName: "ana" } },
    ],
    [
      "an API key, by its id",
      restApiEvent({ identity: { apiKey: "very-secret", apiKeyId: "key-1" } }),
      { type: "ApiKey", principalId: "key-1" },
    ],
    ["nobody", httpApiEvent(), ANONYMOUS],
    ["an event that is none", null, ANONYMOUS],
    ["a list of other things", { requestContext: { authorizer: [1], identity: "x" } }, ANONYMOUS],
  ])("names %s", (_, event, expected) => {
    expect(callerIdentity(event)).toEqual(expected);
  });
});
