import { describe, expect, test } from "vitest";
import { parseCredentials } from "../../../shared/api/credentials.ts";
import type { ApiRequest } from "../../../shared/api/http.ts";
import { identifySigned } from "../../../shared/api/identify-signed.ts";
import { signRequest } from "../../../shared/api/sign-request.ts";
import { testRequest } from "../../support/api-request.ts";

const NOW = Date.UTC(2026, 0, 31);
const ALICE = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "alice-secret" };
const HOST = "abcdef.lambda-url.us-east-1.on.aws";
const KEYS = parseCredentials(
  JSON.stringify([{ ...ALICE, accountId: "111122223333", userIdentity: { type: "IAMUser" }, import: true }]),
  "keys",
  undefined,
);

/** A request as the function sees it that a client sent to `url`. */
function seenRequest(url: string, path = "/_opentrail/status", region = "eu-west-1"): ApiRequest {
  const target = { method: "GET", url: new URL(url), body: Buffer.alloc(0) };
  const signature = signRequest(target, ALICE, region, new Date(NOW));
  return testRequest({ method: "GET", path, headers: { ...signature, host: HOST, "user-agent": "test" } });
}

function identify(request: ApiRequest, publicUrl?: string) {
  const credentials = async () => KEYS;
  const clock = { now: () => NOW };
  return identifySigned({ credentials, clock, ...(publicUrl !== undefined && { publicUrl }) })(
    request,
    "192.0.2.7",
  );
}

describe("the caller of a signed endpoint", () => {
  test("is the key's, in the region that was signed for", async () => {
    const caller = await identify(seenRequest(`https://${HOST}/_opentrail/status`));

    expect(caller).toMatchObject({
      accountId: "111122223333",
      region: "eu-west-1",
      userIdentity: { type: "IAMUser" },
      sourceIPAddress: "192.0.2.7",
      mayImport: true,
    });
  });

  test("is refused unsigned, before the keys are read", async () => {
    const identifyUnsigned = identifySigned({
      credentials: () => Promise.reject(new Error("read")),
      clock: { now: () => NOW },
    });

    await expect(
      identifyUnsigned(testRequest({ headers: { host: HOST } }), "192.0.2.7"),
    ).rejects.toMatchObject({
      code: "MissingAuthenticationTokenException",
    });
  });

  test.each([
    [
      "for another host",
      seenRequest("https://other.example.com/_opentrail/status"),
      "InvalidSignatureException",
    ],
    ["for another path", seenRequest(`https://${HOST}/_opentrail/events`), "InvalidSignatureException"],
    [
      "for a region that is none",
      seenRequest(`https://${HOST}/`, "/", "nowhere"),
      "InvalidSignatureException",
    ],
  ])("is refused that signed %s", async (_what, request, code) => {
    await expect(identify(request)).rejects.toMatchObject({ code });
  });

  test.each([
    ["a domain of one's own", "https://trail.example.com", "https://trail.example.com/_opentrail/status"],
    [
      "an emulator that puts the function's id in the path",
      "http://127.0.0.1:4566/_aws/lambda-url/{id}",
      "http://127.0.0.1:4566/_aws/lambda-url/abcdef/_opentrail/status",
    ],
  ])("is taken behind %s, and at the function's own address too", async (_what, publicUrl, url) => {
    const before = await identify(seenRequest(url), publicUrl);
    const own = await identify(seenRequest(`https://${HOST}/_opentrail/status`), publicUrl);

    expect([before.accountId, own.accountId]).toEqual(["111122223333", "111122223333"]);
    await expect(identify(seenRequest("https://other.example.com/"), publicUrl)).rejects.toMatchObject({
      code: "InvalidSignatureException",
    });
  });

  test.each([
    "http://127.0.0.1:4566/_aws/lambda-url/abcdef",
    "http://127.0.0.1:4566/_aws/lambda-url/abcdef/",
  ])("is taken at the root of an address with a path, which it signed as %s", async (url) => {
    const caller = await identify(seenRequest(url, "/"), "http://127.0.0.1:4566/_aws/lambda-url/{id}");

    expect(caller.accountId).toBe("111122223333");
  });
});
