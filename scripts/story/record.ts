import { createHash } from "node:crypto";
import type { JsonObject, JsonValue } from "../../shared/event/json.ts";

/** Who calls, from where and with what: the same in every record of one session. */
export interface Actor {
  readonly userIdentity: JsonObject;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  /** Set where the calls come out of the AWS console. */
  readonly fromConsole?: boolean;
  /** A service's calls carry no TLS details of a client. */
  readonly isService?: boolean;
}

/** What is special about one call. Members that are left out get the values that most calls have. */
export interface Call {
  /** Seconds since the call before it. */
  readonly after: number;
  readonly by: Actor;
  readonly region: string;
  /** `iam` for `iam.amazonaws.com`. */
  readonly service: string;
  readonly name: string;
  /** False unless it is given. */
  readonly readOnly?: boolean;
  readonly request?: JsonValue;
  readonly response?: JsonValue;
  /** Error code and message of a call that was refused. */
  readonly error?: readonly [code: string, message: string];
  readonly additional?: JsonObject;
  readonly resources?: readonly JsonObject[];
  readonly account?: string;
  readonly eventType?: string;
  readonly isDataEvent?: boolean;
  readonly sharedEventID?: string;
}

/** A chapter of the story: a name, when it begins (ISO 8601) and its calls. */
export interface Chapter {
  readonly name: string;
  readonly begins: string;
  readonly calls: readonly Call[];
}

/** The chapter's records, in the order and with the members of CloudTrail's own. Equal at every run. */
export function recordsOf(chapter: Chapter): readonly JsonObject[] {
  let time = Date.parse(chapter.begins);
  return chapter.calls.map((call, index) => {
    time += call.after * 1000;
    return toRecord(call, new Date(time), `${chapter.name}/${index}`);
  });
}

/** A UUID that is the same whenever it is made from the same seed. */
export function uuidOf(seed: string): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  const variant = "89ab"[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

function toRecord(call: Call, time: Date, seed: string): JsonObject {
  const { by, service, region } = call;
  const [errorCode, errorMessage] = call.error ?? [];
  const record = {
    eventVersion: "1.11",
    userIdentity: by.userIdentity,
    eventTime: `${time.toISOString().slice(0, 19)}Z`,
    eventSource: `${service}.amazonaws.com`,
    eventName: call.name,
    awsRegion: region,
    sourceIPAddress: by.sourceIPAddress,
    userAgent: by.userAgent,
    errorCode,
    errorMessage,
    requestParameters: call.request ?? null,
    responseElements: errorCode === undefined ? (call.response ?? null) : null,
    additionalEventData: service === "s3" ? s3Details(call, seed) : call.additional,
    requestID: uuidOf(`request ${seed}`),
    eventID: uuidOf(`event ${seed}`),
    readOnly: call.readOnly ?? false,
    resources: call.resources,
    eventType: call.eventType ?? "AwsApiCall",
    managementEvent: !(call.isDataEvent ?? false),
    recipientAccountId: call.account ?? "111122223333",
    sharedEventID: call.sharedEventID,
    eventCategory: call.isDataEvent ? "Data" : "Management",
    tlsDetails:
      by.isService || call.eventType === "AwsConsoleSignIn" ? undefined : tlsDetails(service, region),
    sessionCredentialFromConsole: by.fromConsole ? "true" : undefined,
  };
  return JSON.parse(JSON.stringify(record)) as JsonObject;
}

function s3Details(call: Call, seed: string): JsonObject {
  return {
    SignatureVersion: "SigV4",
    CipherSuite: "TLS_AES_128_GCM_SHA256",
    bytesTransferredIn: 0,
    AuthenticationMethod: "AuthHeader",
    "x-amz-id-2": createHash("sha384").update(seed).digest("base64"),
    bytesTransferredOut: call.error === undefined ? 512 : 243,
    ...call.additional,
  };
}

function tlsDetails(service: string, region: string): JsonObject {
  const host = service === "iam" ? "iam.amazonaws.com" : `${service}.${region}.amazonaws.com`;
  return {
    tlsVersion: "TLSv1.3",
    cipherSuite: "TLS_AES_128_GCM_SHA256",
    clientProvidedHostHeader: host,
  };
}
