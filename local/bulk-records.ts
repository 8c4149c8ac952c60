import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { ApiResponse, Service } from "../shared/api/http.ts";
import { BULK_BODY_LIMIT } from "../shared/api/records.ts";
import type { Ingest } from "../shared/ingest/ingest.ts";
import { MalformedBody, sliceRecords } from "../shared/ingest/slice-records.ts";
import { json, problem } from "./json-answer.ts";

const inflate = promisify(gunzip);

/**
 * `POST /_opentrail/records`: takes CloudTrail records in bulk, gzip or not. 200 with what was accepted and
 * refused; 400 if the body holds no records; 413 over 16 MiB decompressed; 415 for another encoding; 503 when
 * they cannot be made durable.
 */
export function makeBulkRecords(ingest: Ingest): Service {
  return async (request, caller) => {
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
    let records: Buffer[];
    try {
      records = sliceRecords(body);
    } catch (error) {
      if (error instanceof MalformedBody) {
        return problem(400, "MalformedBody", error.message);
      }
      throw error;
    }
    const { accountId, mayImport } = caller;
    return json(200, await ingest({ accountId, mayImport, origin: "api", records }));
  };
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
