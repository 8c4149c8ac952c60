import type { JsonObject } from "../event/json.ts";

/** An HTTP request as every host's front door hands it to a service. */
export interface ApiRequest {
  readonly method: string;
  /** As it came: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a service answers. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | AsyncIterable<Uint8Array>;
}

/** Who calls, as far as the request's signature tells. */
export interface Caller {
  readonly accountId: string;
  /** From the credential scope. */
  readonly region: string;
  readonly accessKeyId?: string;
  /** The `userIdentity` of records of this caller's calls. */
  readonly userIdentity: JsonObject;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  /** A UUID: answered as `x-amzn-RequestId` and recorded as `requestID`. */
  readonly requestId: string;
  /** Whether the caller may submit records of other recipient accounts. */
  readonly mayImport: boolean;
}

/** One service of the endpoint: the CloudTrail API, PutAuditEvents, S3, CloudWatch Logs… */
export type Service = (request: ApiRequest, caller: Caller) => Promise<ApiResponse>;
