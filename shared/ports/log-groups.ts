/** The log group does not exist. Nothing was written. */
export class LogGroupNotFound extends Error {
  override readonly name = "LogGroupNotFound";
}

/** One log event: its message is a record's text. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** How many of a call's events the log group refused, by reason (`rejectedLogEventsInfo`). */
export interface RejectedLogEvents {
  readonly tooOld: number;
  readonly tooNew: number;
  readonly expired: number;
}

/** CloudWatch Logs, as far as delivery needs it. */
export interface LogGroups {
  /**
   * Appends events to a stream, which is made if it is not there. The events fit one PutLogEvents call: in
   * time order, at most 10,000, at most 1,048,576 bytes of messages and 26 each, within 24 hours.
   * @param group the log group's name, or its ARN
   * @throws LogGroupNotFound
   */
  putLogEvents(group: string, stream: string, events: readonly LogEvent[]): Promise<RejectedLogEvents>;
  groupExists(group: string): Promise<boolean>;
}
