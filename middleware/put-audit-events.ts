import { signRequest } from "../shared/api/sign-request.ts";
import type { ChannelIdentity } from "../shared/channel/channel.ts";
import type { AuditEvent } from "./audit-entry.ts";
import { type AuditCredentials, currentKeys } from "./credentials.ts";

/** The input of PutAuditEvents, as the AWS SDK's client takes it. */
export interface PutAuditEventsInput {
  readonly channelArn: string;
  readonly externalId?: string;
  readonly auditEvents: AuditEvent[];
}

/** The answer of PutAuditEvents, as the AWS SDK's client gives it. */
export interface PutAuditEventsOutput {
  readonly successful?: readonly { readonly id?: string | undefined }[] | undefined;
  readonly failed?:
    | readonly {
        readonly id?: string | undefined;
        readonly errorCode?: string | undefined;
        readonly errorMessage?: string | undefined;
      }[]
    | undefined;
}

/** Makes one PutAuditEvents call. Rejects if the whole call failed. */
export type SendAuditEvents = (
  input: PutAuditEventsInput,
  options: { readonly signal: AbortSignal },
) => Promise<PutAuditEventsOutput>;

/** An error answer to a whole call. */
export class PutAuditEventsError extends Error {
  /** The service's code: `ChannelNotFound`, `AccessDeniedException`… */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;
  /** Milliseconds that the service asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, status: number, retryAfterMs: number | undefined) {
    super(`PutAuditEvents was answered with ${status} ${code}: ${message}`);
    this.name = "PutAuditEventsError";
    this.code = code;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * PutAuditEvents over `fetch`, signed with Signature Version 4. An SDK client would do as well, and would be most of
 * what a small function loads when it starts.
 * https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 *
 * @param endpoint without a path; undefined for AWS's own of the channel's region
 */
export function httpSender(
  { region }: ChannelIdentity,
  endpoint: string | undefined,
  credentials: AuditCredentials | undefined,
): SendAuditEvents {
  const base = endpoint ?? awsEndpoint(region);
  return async ({ channelArn, externalId, auditEvents }, { signal }) => {
    const url = new URL(`${base.replace(/\/+$/, "")}/PutAuditEvents`);
    url.searchParams.set("channelArn", channelArn);
    if (externalId !== undefined) url.searchParams.set("externalId", externalId);
    const body = Buffer.from(JSON.stringify({ auditEvents }));
    const keys = await currentKeys(credentials);
    const signature =
      keys === undefined
        ? {}
        : signRequest({ method: "POST", url, body }, keys, region, new Date(), "cloudtrail-data");
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...signature },
      body,
      signal,
    });
    const answer = readObject(await response.text());
    if (!response.ok) throw failure(response, answer);
    if (!Array.isArray(answer?.successful) || !Array.isArray(answer.failed)) {
      throw new Error(`What answers at ${base} is not PutAuditEvents.`);
    }
    return answer as PutAuditEventsOutput;
  };
}

function awsEndpoint(region: string): string {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `https://cloudtrail-data.${region}.${suffix}`;
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function failure(
  response: Response,
  answer: Readonly<Record<string, unknown>> | undefined,
): PutAuditEventsError {
  const code = response.headers.get("x-amzn-errortype") ?? String(answer?.__type ?? "UnknownError");
  const message = answer?.message ?? answer?.Message ?? response.statusText;
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new PutAuditEventsError(
    code.replace(/^.*#|:.*$/g, ""),
    String(message),
    response.status,
    Number.isFinite(seconds) ? seconds * 1000 : undefined,
  );
}
