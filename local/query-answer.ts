import type { ApiResponse } from "../shared/api/http.ts";
import type { AwsError } from "../shared/error/aws-error.ts";
import { type XmlElements, xmlDocument } from "./xml.ts";

/** How a service of the AWS Query protocol answers. */
export interface QueryAnswers {
  /** Of the answers' elements. */
  readonly namespace: string;
  /** By error code; 400 for the others. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** The answer of an operation. @param result undefined for an operation that gives nothing */
export function queryResponse(
  { namespace }: QueryAnswers,
  operation: string,
  result: XmlElements | undefined,
  requestId: string,
): ApiResponse {
  return xmlAnswer(200, `${operation}Response`, requestId, {
    "@xmlns": namespace,
    ...(result && { [`${operation}Result`]: result }),
    ResponseMetadata: { RequestId: requestId },
  });
}

/** An error. It is the sender's unless its status says that it is ours. */
export function queryErrorResponse(
  { namespace, statuses }: QueryAnswers,
  error: AwsError,
  requestId: string,
): ApiResponse {
  const status = statuses[error.code] ?? 400;
  return xmlAnswer(status, "ErrorResponse", requestId, {
    "@xmlns": namespace,
    Error: { Type: status < 500 ? "Sender" : "Receiver", Code: error.code, Message: error.message },
    RequestId: requestId,
  });
}

function xmlAnswer(status: number, root: string, requestId: string, content: XmlElements): ApiResponse {
  return {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body: xmlDocument(root, content),
  };
}
