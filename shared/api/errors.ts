import { AwsError } from "../error/aws-error.ts";
import { CLOUDTRAIL_DATA_MODEL, CLOUDTRAIL_MODEL } from "./service-model.ts";

/**
 * Errors of the protocol, of authentication and of the endpoint: HTTP status and AWS's wording.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html
 */
const COMMON_ERRORS = {
  ExpiredTokenException: [400, "The security token included in the request is expired"],
  IncompleteSignatureException: [400, "The request signature does not conform to AWS standards."],
  InternalFailure: [
    500,
    "The request processing has failed because of an unknown error, exception or failure.",
  ],
  InvalidSignatureException: [
    400,
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ],
  MissingAuthenticationTokenException: [400, "Missing Authentication Token"],
  RequestEntityTooLargeException: [413, "The request is too large."],
  SerializationException: [400, "The request body could not be read."],
  ServiceUnavailable: [503, "The request has failed due to a temporary failure of the server."],
  UnknownOperationException: [400, "The operation is not known."],
  UnrecognizedClientException: [400, "The security token included in the request is invalid."],
  ValidationException: [400, "The input fails to satisfy the constraints of the service."],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

/** The code of an error that no service model names. */
type CommonErrorCode = keyof typeof COMMON_ERRORS;

/** An error of the protocol or the endpoint, in AWS's wording unless `message` says it better. */
export function commonError(
  code: CommonErrorCode,
  message: string = COMMON_ERRORS[code][1],
  options?: { readonly cause?: unknown },
): AwsError {
  return new AwsError(code, message, options);
}

/** The HTTP status that an error code is answered with: 400 unless the table or a service model says otherwise. */
export function httpStatusOf(code: string): number {
  if (Object.hasOwn(COMMON_ERRORS, code)) return COMMON_ERRORS[code as CommonErrorCode][0];
  for (const { shapes } of [CLOUDTRAIL_MODEL, CLOUDTRAIL_DATA_MODEL]) {
    const status = Object.hasOwn(shapes, code) ? shapes[code]?.httpStatusCode : undefined;
    if (status !== undefined) return status;
  }
  return 400;
}

/** What was thrown, as an error that may be answered: anything that is not an `AwsError` tells the caller nothing. */
export function toAwsError(thrown: unknown): AwsError {
  return thrown instanceof AwsError ? thrown : commonError("InternalFailure", undefined, { cause: thrown });
}
