import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ApiRequest } from "../../../shared/api/http.ts";
import { verifySignature } from "../../../shared/api/signature.ts";
import { testRequest } from "../../support/api-request.ts";

/** The example of the SigV4 documentation, signed by AWS itself (get-vanilla-query-order-key-case of its test suite). */
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SIGNED_AT = Date.UTC(2015, 7, 30, 12, 36, 0);
const example: ApiRequest = testRequest({
  method: "GET",
  query: new URLSearchParams("Param2=value2&Param1=value1"),
  headers: {
    host: "example.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
});

const secrets: Readonly<Record<string, string>> = {
  AKIDEXAMPLE: SECRET,
  AKIAIOSFODNN7EXAMPLE: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const secretOf = (key: string) => secrets[key];

function refusal(request: ApiRequest, now = SIGNED_AT): unknown {
  try {
    verifySignature(request, secretOf, now);
    return "accepted";
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

function withHeaders(headers: Record<string, string>): ApiRequest {
  return { ...example, headers: { ...example.headers, ...headers } };
}

describe("verifySignature", () => {
  it("accepts what AWS's own test suite signed", () => {
    expect(refusal(example)).toBe("accepted");
  });

  it("accepts it until 15 minutes later and no longer, and not before 15 minutes earlier", () => {
    const quarter = 15 * 60_000;

    expect(refusal(example, SIGNED_AT + quarter)).toBe("accepted");
    expect(refusal(example, SIGNED_AT + quarter + 1)).toBe("InvalidSignatureException");
    expect(refusal(example, SIGNED_AT - quarter)).toBe("accepted");
    expect(refusal(example, SIGNED_AT - quarter - 1)).toBe("InvalidSignatureException");
  });

  it.each([
    ["another method", { ...example, method: "POST" }],
    ["another path", { ...example, path: "/x" }],
    ["another query", { ...example, query: new URLSearchParams("Param1=value1") }],
    ["another body", { ...example, body: Buffer.from("x") }],
    ["another host", withHeaders({ host: "example.org" })],
    [
      "a signature that is no hex",
      withHeaders({ authorization: example.headers.authorization?.replace(/=b97.*/, "=zz") ?? "" }),
    ],
    [
      "a body hash that is not the body's",
      withHeaders({ "x-amz-content-sha256": createHash("sha256").update("x").digest("hex") }),
    ],
    ["a scope of another day", withHeaders({ "x-amz-date": "20150831T123600Z" })],
  ])("refuses %s", (_, request) => {
    expect(refusal(request)).toBe("InvalidSignatureException");
  });

  it("refuses an unsigned request, an unknown key and a missing date by their own names", () => {
    const unknown = example.headers.authorization?.replace("AKIDEXAMPLE", "AKIDOTHER") ?? "";

    expect(refusal(testRequest())).toBe("MissingAuthenticationTokenException");
    expect(refusal(withHeaders({ authorization: unknown }))).toBe("UnrecognizedClientException");
    expect(refusal(withHeaders({ "x-amz-date": "" }))).toBe("IncompleteSignatureException");
  });

  it("accepts the presigned example of the S3 documentation until it expires", () => {
    const presigned = testRequest({
      method: "GET",
      path: "/test.txt",
      query: new URLSearchParams({
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
        "X-Amz-Date": "20130524T000000Z",
        "X-Amz-Expires": "86400",
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Signature": "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
      }),
      headers: { host: "examplebucket.s3.amazonaws.com" },
    });
    const signedAt = Date.UTC(2013, 4, 24);

    expect(refusal(presigned, signedAt)).toBe("accepted");
    expect(refusal(presigned, signedAt + 86_400_000)).toBe("accepted");
    expect(refusal(presigned, signedAt + 86_400_001)).toBe("InvalidSignatureException");
  });
});
