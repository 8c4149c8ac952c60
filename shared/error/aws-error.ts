/**
 * A failure that an AWS API answers to its caller. The domain throws it where a rule of the service is
 * broken; the protocol layer turns it into a response.
 */
export class AwsError extends Error {
  override readonly name = "AwsError";
  /** The error code on the wire: `InvalidEventSelectorsException`, `TrailNotFoundException`… */
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
