import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readSignatureClaim, type SignatureClaim } from "./credential-scope.ts";
import { commonError } from "./errors.ts";
import type { ApiRequest } from "./http.ts";

const FIFTEEN_MINUTES = 15 * 60_000;
const LONGEST_EXPIRY_SECONDS = 7 * 24 * 3600;

/**
 * Verifies a request's SigV4 signature, header or presigned form, in constant time.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @param secretOf the secret access key of an access key id, undefined for an unknown one
 * @param now milliseconds since the epoch
 * @throws AwsError MissingAuthenticationTokenException if there is no signature, IncompleteSignatureException if it
 *   lacks a part, UnrecognizedClientException if the key is unknown, InvalidSignatureException if the date is more than
 *   15 minutes off (presigned: past its expiry), the body is not the signed one, or the signature is wrong
 */
export function verifySignature(
  request: ApiRequest,
  secretOf: (accessKeyId: string) => string | undefined,
  now: number,
): void {
  const claim = readSignatureClaim(request);
  if (!claim) throw commonError("MissingAuthenticationTokenException");
  const secret = secretOf(claim.accessKeyId);
  if (secret === undefined) throw commonError("UnrecognizedClientException");
  if (!claim.signedHeaders.includes("host")) {
    throw commonError(
      "InvalidSignatureException",
      "'Host' must be a 'SignedHeader' in the AWS Authorization.",
    );
  }
  const timestamp = signedTimestamp(request, claim);
  checkAge(request, claim, timestamp, now);

  const canonical = canonicalRequest(request, claim);
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", timestamp, scope, sha256(canonical)].join("\n");
  const expected = hmac(signingKey(secret, claim), toSign);
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw commonError("InvalidSignatureException");
  }
}

/** `YYYYMMDDTHHMMSSZ`, from where the signature's form has it. */
function signedTimestamp(request: ApiRequest, claim: SignatureClaim): string {
  const timestamp = claim.form === "header" ? request.headers["x-amz-date"] : request.query.get("X-Amz-Date");
  if (!timestamp || !/^\d{8}T\d{6}Z$/.test(timestamp)) {
    throw commonError("IncompleteSignatureException", "A valid date must be given in 'X-Amz-Date'.");
  }
  if (!timestamp.startsWith(claim.date)) {
    throw commonError(
      "InvalidSignatureException",
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claim.date}' != '${timestamp.slice(0, 8)}', from '${timestamp}'.`,
    );
  }
  return timestamp;
}

function checkAge(request: ApiRequest, claim: SignatureClaim, timestamp: string, now: number): void {
  const signedAt = Date.parse(timestamp.replace(/^(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"));
  const lifetime = claim.form === "header" ? FIFTEEN_MINUTES : expiry(request) * 1000;
  if (!(signedAt - FIFTEEN_MINUTES <= now)) {
    throw commonError(
      "InvalidSignatureException",
      `Signature not yet current: ${timestamp} is still later than ${basicIso(now + FIFTEEN_MINUTES)} (${basicIso(now)} + 15 min.)`,
    );
  }
  if (signedAt + lifetime < now) {
    throw commonError(
      "InvalidSignatureException",
      `Signature expired: ${timestamp} is now earlier than ${basicIso(now - lifetime)} (${basicIso(now)} - ${lifetime / 60_000} min.)`,
    );
  }
}

function expiry(request: ApiRequest): number {
  const seconds = Number(request.query.get("X-Amz-Expires"));
  if (!(seconds >= 1 && seconds <= LONGEST_EXPIRY_SECONDS)) {
    throw commonError("IncompleteSignatureException", "X-Amz-Expires must be between 1 and 604800 seconds.");
  }
  return seconds;
}

function basicIso(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function canonicalRequest(request: ApiRequest, claim: SignatureClaim): string {
  const headers = claim.signedHeaders.map((name) => {
    const value = request.headers[name] ?? "";
    return `${name}:${value.trim().replace(/\s+/g, " ")}\n`;
  });
  return [
    request.method,
    canonicalPath(request.path, claim.service),
    canonicalQuery(request.query),
    headers.join(""),
    claim.signedHeaders.join(";"),
    payloadHash(request, claim),
  ].join("\n");
}

/** S3 signs the path as it is sent; every other service encodes the sent path's segments once more. */
function canonicalPath(path: string, service: string): string {
  return service === "s3" ? path : path.split("/").map(encodeStrictly).join("/");
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join("="))
    .join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** RFC 3986: everything but unreserved characters is encoded. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function payloadHash(request: ApiRequest, claim: SignatureClaim): string {
  const declared = request.headers["x-amz-content-sha256"];
  if (claim.service === "s3") {
    if (claim.form === "presigned") return declared ?? "UNSIGNED-PAYLOAD";
    if (declared === "UNSIGNED-PAYLOAD" || declared?.startsWith("STREAMING-")) return declared;
  }
  const actual = sha256(request.body);
  if (declared !== undefined && declared !== actual) {
    throw commonError(
      "InvalidSignatureException",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  return actual;
}

function signingKey(secret: string, { date, region, service }: SignatureClaim): Buffer {
  return [date, region, service, "aws4_request"].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secret}`),
  );
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
