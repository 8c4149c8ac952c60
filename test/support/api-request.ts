import type { ApiRequest, Caller } from "../../shared/api/http.ts";

/** A caller of account 111122223333 in us-east-1, unless the test says otherwise. */
export function testCaller(changes: Partial<Caller> = {}): Caller {
  const accountId = changes.accountId ?? "111122223333";
  return {
    accountId,
    region: "us-east-1",
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    userIdentity: { type: "IAMUser", accountId, userName: "alice" },
    sourceIPAddress: "192.0.2.1",
    userAgent: "test",
    requestId: "2f0c7a53-9a5e-4f0a-9b1c-3a0f6f0f9d11",
    mayImport: true,
    ...changes,
  };
}

/** An HTTP request of a test: `POST /` without headers and body, unless the test says otherwise. */
export function testRequest(changes: Partial<ApiRequest> = {}): ApiRequest {
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.alloc(0),
    ...changes,
  };
}

/** A call of the CloudTrail API as an SDK sends it. */
export function cloudTrailRequest(operation: string, input: unknown): ApiRequest {
  const text = typeof input === "string" ? input : JSON.stringify(input);
  return testRequest({
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${operation}`,
    },
    body: Buffer.from(text),
  });
}
