import { describe, expect, test } from "vitest";
import { signingKeysFrom, signRequest } from "../../../shared/api/sign-request.ts";
import { verifySignature } from "../../../shared/api/signature.ts";

const NOW = new Date("2026-02-11T04:19:00Z");
const KEYS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

function requestTo(address: string, sessionToken?: string, service?: "cloudtrail-data") {
  const url = new URL(address);
  const body = Buffer.from('{"a":1}\n');
  const keys = sessionToken === undefined ? KEYS : { ...KEYS, sessionToken };
  const headers = signRequest({ method: "POST", url, body }, keys, "eu-west-1", NOW, service);
  return {
    method: "POST",
    path: url.pathname,
    query: url.searchParams,
    headers: { ...headers, host: url.host },
    body,
  };
}

function verify(request: ReturnType<typeof requestTo>): void {
  verifySignature(
    request,
    (id) => (id === KEYS.accessKeyId ? KEYS.secretAccessKey : undefined),
    NOW.getTime(),
  );
}

describe("signRequest", () => {
  test.each([
    "http://127.0.0.1:4570/_opentrail/records",
    "http://127.0.0.1:4570/_opentrail/dead-letters?queue=log-files&limit=10",
    "http://localhost/_opentrail/dead-letters/a%2Fb%20c",
  ])("the host takes the signature of %s", (address) => {
    expect(() => verify(requestTo(address))).not.toThrow();
    expect(() => verify(requestTo(address, "EXAMPLE"))).not.toThrow();
  });

  test("the host takes the signature of PutAuditEvents, whose channel's ARN stands in the query", () => {
    const arn = encodeURIComponent("arn:aws:cloudtrail:eu-west-1:111122223333:channel/a_b.c");

    const request = requestTo(
      `http://localhost/PutAuditEvents?channelArn=${arn}`,
      "EXAMPLE",
      "cloudtrail-data",
    );

    expect(JSON.stringify(request.headers)).toContain("/eu-west-1/cloudtrail-data/aws4_request,");
    expect(() => verify(request)).not.toThrow();
  });

  test("the host refuses it when the body is another", () => {
    const request = { ...requestTo("http://127.0.0.1:4570/_opentrail/records"), body: Buffer.from("{}") };

    expect(() => verify(request)).toThrow();
  });
});

test("keys are read where AWS clients look, and half a pair is none", () => {
  const pair = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };

  expect(signingKeysFrom(pair)).toEqual({ accessKeyId: "a", secretAccessKey: "b" });
  expect(signingKeysFrom({ ...pair, AWS_SESSION_TOKEN: "c" })).toMatchObject({ sessionToken: "c" });
  expect(signingKeysFrom({ AWS_ACCESS_KEY_ID: "a" })).toBeUndefined();
});

test("OpenTrail's own keys come before AWS's, and only as a pair", () => {
  const aws = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" };
  const own = { OPENTRAIL_ACCESS_KEY_ID: "d", OPENTRAIL_SECRET_ACCESS_KEY: "e" };

  expect(signingKeysFrom({ ...aws, ...own })).toEqual({ accessKeyId: "d", secretAccessKey: "e" });
  expect(signingKeysFrom({ ...aws, OPENTRAIL_ACCESS_KEY_ID: "d" })).toMatchObject({ accessKeyId: "a" });
});
