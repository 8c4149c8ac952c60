import type { ApiRequest, ApiResponse, Caller } from "../../shared/api/http.ts";
import type { Objects } from "../../shared/ports/objects.ts";
import type { MultipartUploads } from "./multipart-uploads.ts";

/** One call of an S3 operation. */
export interface S3Call {
  readonly request: ApiRequest;
  readonly caller: Caller;
  /** Empty where the operation is about none. */
  readonly bucket: string;
  /** Empty where the operation is about none. */
  readonly key: string;
  readonly objects: Objects;
  readonly uploads: MultipartUploads;
}

/** Does what was called; failures are thrown as `s3Error`, or as the errors that `Objects` names. */
export type S3Operation = (call: S3Call) => Promise<ApiResponse>;
