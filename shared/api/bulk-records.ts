import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Ingest } from "../ingest/ingest.ts";
import { MalformedBody, sliceRecords } from "../ingest/slice-records.ts";
import { TopicUnavailable } from "../ports/activity-topic.ts";
import type { ApiRequest, ApiResponse, Service } from "./http.ts";
import { json, problem } from "./json-answer.ts";
import { BULK_BODY_LIMIT } from "./records.ts";

const inflate = promisify(gunzip);

/** What the bulk endpoint needs. */
export interface BulkRecordsParts {
  readonly ingest: Ingest;
  /** Told why records could not be made durable. */
  readonly reportFailure: (error: unknown) => void;
}

/** What a client is asked to wait before it sends the same records again. */
const RETRY_AFTER_SECONDS = 5;

/**
 * `POST /_opentrail/records`: takes CloudTrail records in bulk, gzip or not. 200 with what was accepted and
 * refused; 400 if the body holds no records; 413 over 16 MiB decompressed; 415 for another encoding; 503 when
 * they cannot be made durable.
 */
export function makeBulkRecords({ ingest, reportFailure }: BulkRecordsParts): Service {
  return async (request, { accountId, mayImport }) => {
    const records = await readBulkBody(request);
    if (!Array.isArray(records)) {
      return records;
    }
    return durableAnswer(reportFailure, async () =>
      json(200, await ingest({ accountId, mayImport, origin: "api", records })),
    );
  };
}

/** The records of a request's body, one JSON text each; or the answer, where it holds none. */
export async function readBulkBody(request: ApiRequest): Promise<Buffer[] | ApiResponse> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    return problem(415, "UnsupportedEncoding", `Content-Encoding may be gzip, and is ${encoding}`);
  }
  const body = encoding === "gzip" ? await inflateBody(request.body) : request.body;
  if (!Buffer.isBuffer(body)) {
    return body;
  }
  if (body.length > BULK_BODY_LIMIT) {
    return tooLarge();
  }
  try {
    return sliceRecords(body);
  } catch (error) {
    if (error instanceof MalformedBody) {
      return problem(400, "MalformedBody", error.message);
    }
    throw error;
  }
}

/** What `answer` gives; or 503 with Retry-After, where the topic does not take the records. */
export async function durableAnswer(
  reportFailure: (error: unknown) => void,
  answer: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof TopicUnavailable) {
      reportFailure(error);
      const message =
        "The records could not be made durable. None of them is accepted; send them again later.";
      return problem(503, "ServiceUnavailable", message, { "retry-after": String(RETRY_AFTER_SECONDS) });
    }
    throw error;
  }
}

/** The inflated body; or the answer, where it is broken or a bomb. */
async function inflateBody(body: Buffer): Promise<Buffer | ApiResponse> {
  try {
    return await inflate(body, { maxOutputLength: BULK_BODY_LIMIT });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
      ? tooLarge()
      : problem(400, "MalformedBody", `The body is not valid gzip: ${(error as Error).message}`);
  }
}

function tooLarge(): ApiResponse {
  return problem(413, "RequestTooLarge", `The body has more than ${BULK_BODY_LIMIT} bytes decompressed`);
}
