import { s3Error } from "./s3-error.ts";

/** What an `aws-chunked` body holds. */
export interface ChunkedBody {
  readonly content: Buffer;
  /** Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes an `aws-chunked` body apart: chunks of `<size in hex>[;chunk-signature=…]`, the bytes, and after the
 * last chunk of size 0 the trailers. Signatures of chunks are left unread.
 * @throws IncompleteBody where the body ends early or is framed otherwise
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function decodeAwsChunked(body: Buffer): ChunkedBody {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const header = lineAt(body, at);
    const size = /^([0-9a-f]{1,8})(;|$)/i.exec(header)?.[1];
    if (size === undefined) {
      throw s3Error("IncompleteBody");
    }

    const start = at + header.length + 2;
    const end = start + Number.parseInt(size, 16);
    if (end === start) {
      return { content: Buffer.concat(chunks), trailers: trailersAt(body, start) };
    }
    if (body.toString("latin1", end, end + 2) !== "\r\n") {
      throw s3Error("IncompleteBody");
    }
    chunks.push(body.subarray(start, end));
    at = end + 2;
  }
}

function trailersAt(body: Buffer, start: number): Readonly<Record<string, string>> {
  const lines = body
    .toString("latin1", start)
    .split("\r\n")
    .filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/** The line that starts there, without its CRLF. */
function lineAt(body: Buffer, start: number): string {
  const end = body.indexOf("\r\n", start, "latin1");
  if (end < 0) {
    throw s3Error("IncompleteBody");
  }
  return body.toString("latin1", start, end);
}
