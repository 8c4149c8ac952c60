/** The AWS error code of an error that a client threw (`NoSuchBucket`, `AccessDenied`…), or its name. */
export function errorCode(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

/** The HTTP status that a service answered an error with; undefined when there was no answer. */
export function httpStatus(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
