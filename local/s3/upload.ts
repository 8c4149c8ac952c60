import type { ApiRequest } from "../../shared/api/http.ts";
import { decodeAwsChunked } from "./aws-chunked.ts";
import { checkChecksums } from "./checksums.ts";
import { s3Error } from "./s3-error.ts";

/** The bytes that a request uploads. */
export interface Upload {
  readonly content: Buffer;
  /** The `x-amz-checksum-…` headers that they were checked against: S3 answers them. */
  readonly checksums: Readonly<Record<string, string>>;
}

/**
 * The bytes that a request uploads, taken out of their `aws-chunked` framing and checked against the length and
 * the checksums that came with them.
 * @throws IncompleteBody, BadDigest, InvalidDigest, InvalidRequest
 */
export function readUpload(request: ApiRequest): Upload {
  const { headers } = request;
  const { content, trailers } = isAwsChunked(headers)
    ? decodeAwsChunked(request.body)
    : { content: request.body, trailers: {} };
  const announced = headers["x-amz-trailer"]?.split(",").map((name) => name.trim().toLowerCase()) ?? [];
  const missing = announced.find((name) => !(name in trailers));
  if (missing !== undefined) {
    throw s3Error("InvalidRequest", `The trailer ${missing} was announced but did not come.`);
  }

  const length = headers["x-amz-decoded-content-length"];
  if (length !== undefined && Number(length) !== content.length) {
    throw s3Error("IncompleteBody");
  }
  return { content, checksums: checkChecksums(content, { ...headers, ...trailers }) };
}

/** The Content-Encoding to keep: `aws-chunked` is how it was sent, not what it is. */
export function contentEncodingOf(headers: ApiRequest["headers"]): string | undefined {
  const kept = encodings(headers).filter((encoding) => encoding !== "aws-chunked");
  return kept.length > 0 ? kept.join(",") : undefined;
}

function isAwsChunked(headers: ApiRequest["headers"]): boolean {
  return (
    headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true ||
    encodings(headers).includes("aws-chunked")
  );
}

function encodings(headers: ApiRequest["headers"]): readonly string[] {
  return (headers["content-encoding"] ?? "")
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "");
}
