import { commonError } from "./errors.ts";
import type { ApiRequest } from "./http.ts";

/**
 * What a request's SigV4 signature says, in either of its forms: the `Authorization` header or the query of a
 * presigned URL. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export interface SignatureClaim {
  readonly form: "header" | "presigned";
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  /** The signing name: `cloudtrail`, `cloudtrail-data`, `s3`, `logs`… */
  readonly service: string;
  /** Lower-case names in the order in which they were signed. */
  readonly signedHeaders: readonly string[];
  /** Hex. */
  readonly signature: string;
}

/** Region names of every partition, and of those to come: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`… */
const REGION = /^[a-z]{2,}(?:-[a-z0-9]+)+$/;

/**
 * Reads the signature's claim without verifying anything.
 * @return undefined if the request is not signed
 * @throws AwsError IncompleteSignatureException if the claim has not its form, InvalidSignatureException if its region
 *   is none
 */
export function readSignatureClaim(request: ApiRequest): SignatureClaim | undefined {
  const { authorization } = request.headers;
  if (authorization !== undefined) return fromHeader(authorization);
  return request.query.has("X-Amz-Credential") ? fromQuery(request.query) : undefined;
}

function fromHeader(authorization: string): SignatureClaim {
  const [algorithm = "", ...rest] = authorization.trim().split(/\s+/);
  requireAlgorithm(algorithm);
  const parts = new Map(
    rest
      .join("")
      .split(",")
      .map((part) => {
        const [name = "", ...value] = part.split("=");
        return [name, value.join("=")] as const;
      }),
  );
  return claim("header", parts.get("Credential"), parts.get("SignedHeaders"), parts.get("Signature"));
}

function fromQuery(query: URLSearchParams): SignatureClaim {
  requireAlgorithm(query.get("X-Amz-Algorithm") ?? "");
  const given = (name: string): string | undefined => query.get(name) ?? undefined;
  return claim(
    "presigned",
    given("X-Amz-Credential"),
    given("X-Amz-SignedHeaders"),
    given("X-Amz-Signature"),
  );
}

function requireAlgorithm(algorithm: string): void {
  if (algorithm !== "AWS4-HMAC-SHA256") {
    throw commonError("IncompleteSignatureException", `Unsupported AWS 'algorithm': '${algorithm}'`);
  }
}

function claim(
  form: SignatureClaim["form"],
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
): SignatureClaim {
  if (!credential) throw missing(form, "Credential");
  if (!signedHeaders) throw missing(form, "SignedHeaders");
  if (!signature) throw missing(form, "Signature");
  const parts = credential.split("/");
  const [accessKeyId = "", date = "", region = "", service = "", terminator] = parts;
  if (
    parts.length !== 5 ||
    terminator !== "aws4_request" ||
    !accessKeyId ||
    !service ||
    !/^\d{8}$/.test(date)
  ) {
    throw commonError(
      "IncompleteSignatureException",
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  if (!REGION.test(region)) {
    throw commonError(
      "InvalidSignatureException",
      `Credential should be scoped to a valid region, not '${region}'. `,
    );
  }
  return { form, accessKeyId, date, region, service, signedHeaders: signedHeaders.split(";"), signature };
}

function missing(form: SignatureClaim["form"], name: string): Error {
  return commonError(
    "IncompleteSignatureException",
    form === "header"
      ? `Authorization header requires '${name}' parameter.`
      : `AWS query-string parameters must include 'X-Amz-${name}'.`,
  );
}
