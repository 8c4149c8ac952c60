/** Nothing was asked wrongly, but it could not be done. Its message is all that the user sees. Exit code 1. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}

/** A message for people of whatever was thrown; the chain of causes, since `fetch failed` alone says nothing. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (error instanceof AggregateError && error.message === "") {
    return error.errors.map(describeError).join("; ");
  }
  if (!(error.cause instanceof Error) || error instanceof CommandFailure) {
    return error.message;
  }
  const cause = describeError(error.cause);
  // Many a message quotes its cause already.
  return error.message.includes(cause) ? error.message : `${error.message}: ${cause}`;
}

/** The `code` of a system error, looked for along the chain of causes (`ECONNREFUSED`, `ENOENT`…). */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === "string" ? code : errorCode(error.cause);
}
