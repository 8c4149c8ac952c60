import { describe, expect, it } from "vitest";
import { type CallerSettings, identifyCaller } from "../../../shared/api/caller.ts";
import { remediationAccessKeyId } from "../../../shared/api/remediation-identity.ts";
import { testRequest } from "../../support/api-request.ts";

const settings: CallerSettings = {
  defaultAccountId: "000000000000",
  defaultRegion: "us-east-1",
  identities: new Map([
    [
      "AKIAIOSFODNN7EXAMPLE",
      { accountId: "444455556666", userIdentity: { type: "IAMUser", userName: "mary" }, mayImport: false },
    ],
  ]),
};

const PEER = "::ffff:192.0.2.1";

function signedBy(key: string, region = "eu-west-1") {
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20260102/${region}/cloudtrail/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc`;
  return testRequest({ headers: { authorization, "user-agent": "aws-cli/2" } });
}

describe("identifyCaller", () => {
  it("takes the region from the credential scope and an access key id of 12 digits for the account", () => {
    const caller = identifyCaller(signedBy("111122223333"), PEER, settings);

    expect(caller).toMatchObject({
      accountId: "111122223333",
      region: "eu-west-1",
      accessKeyId: "111122223333",
      sourceIPAddress: "192.0.2.1",
      userAgent: "aws-cli/2",
      userIdentity: {
        type: "IAMUser",
        arn: "arn:aws:iam::111122223333:user/local",
        accountId: "111122223333",
      },
    });
  });

  it("takes any other key for a user of the default account, named as the key", () => {
    const caller = identifyCaller(signedBy("alice"), PEER, settings);

    expect(caller).toMatchObject({
      accountId: "000000000000",
      userIdentity: { userName: "alice", principalId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/) },
    });
  });

  it("is whom the settings say for a key that they know", () => {
    const caller = identifyCaller(signedBy("AKIAIOSFODNN7EXAMPLE"), PEER, settings);

    expect(caller).toMatchObject({
      accountId: "444455556666",
      userIdentity: { userName: "mary" },
      mayImport: false,
    });
  });

  it("knows remediations by their key, as a session of their role in the account", () => {
    const caller = identifyCaller(signedBy(remediationAccessKeyId("111122223333")), PEER, settings);

    expect(caller).toMatchObject({
      accountId: "111122223333",
      userIdentity: {
        type: "AssumedRole",
        arn: "arn:aws:sts::111122223333:assumed-role/OpenTrailRemediation/OpenTrailRemediation",
      },
    });
  });

  it("reads the presigned form", () => {
    const query = new URLSearchParams({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "111122223333/20260102/ap-southeast-2/s3/aws4_request",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "abc",
    });

    const caller = identifyCaller(testRequest({ query }), PEER, settings);

    expect(caller).toMatchObject({ accountId: "111122223333", region: "ap-southeast-2" });
  });

  it("gives an unsigned request the default account and region", () => {
    const caller = identifyCaller(testRequest(), PEER, settings);

    expect(caller).toMatchObject({ accountId: "000000000000", region: "us-east-1" });
    expect(caller).not.toHaveProperty("accessKeyId");
  });

  it.each([
    [
      "a broken scope",
      "AWS4-HMAC-SHA256 Credential=key/us-east-1, SignedHeaders=host, Signature=x",
      "IncompleteSignatureException",
    ],
    [
      "no signature",
      "AWS4-HMAC-SHA256 Credential=k/20260102/us-east-1/s3/aws4_request, SignedHeaders=host",
      "IncompleteSignatureException",
    ],
    ["another scheme", "Bearer token", "IncompleteSignatureException"],
    [
      "a region with a slash in disguise",
      "AWS4-HMAC-SHA256 Credential=k/20260102/..%2F../s3/aws4_request, SignedHeaders=host, Signature=x",
      "InvalidSignatureException",
    ],
  ])("refuses %s", (_, authorization, code) => {
    const identify = () => identifyCaller(testRequest({ headers: { authorization } }), PEER, settings);

    expect(identify).toThrow(expect.objectContaining({ code }));
  });
});
