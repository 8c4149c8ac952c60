/** An error and the messages that failed with it. */
export interface Failure {
  readonly error: Error;
  readonly messageIds: string[];
}

/**
 * Failures for a function's log, one for all messages that share it: an outage fails a batch's thousands of messages with
 * one error, and a line each would cost more than the work.
 */
export function failuresByError(failed: ReadonlyMap<string, Error>): Iterable<Failure> {
  const failures = new Map<string, Failure>();
  for (const [messageId, error] of failed) {
    const key = `${error.name}: ${error.message}`;
    const failure = failures.get(key) ?? { error, messageIds: [] };
    failure.messageIds.push(messageId);
    failures.set(key, failure);
  }
  return failures.values();
}
