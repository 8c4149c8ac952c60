import type { LogEvent, RejectedLogEvents } from "./log-groups.ts";

/** A log group. */
export interface LogGroup {
  /** `arn:<partition>:logs:<region>:<account>:log-group:<name>` */
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly creationTime: number;
  /** Bytes of its events' messages. */
  readonly storedBytes: number;
  /** Absent: events stay for ever. */
  readonly retentionInDays?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A log stream. Times are milliseconds since the epoch; those of events are absent where there are none. */
export interface LogStream {
  readonly name: string;
  readonly creationTime: number;
  readonly firstEventTimestamp?: number;
  readonly lastEventTimestamp?: number;
  readonly lastIngestionTime?: number;
}

/** A place in a stream's order: by timestamp and, where that is the same, by arrival. */
export interface LogPosition {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** Grows with each event that arrives. The first event's is 1 or more. */
  readonly sequence: number;
}

/** A log event as it is kept. */
export interface StoredLogEvent extends LogEvent, LogPosition {
  /** Milliseconds since the epoch. */
  readonly ingestionTime: number;
}

/** Which events of a stream are asked for: those between two positions, neither included. */
export interface LogEventsQuery {
  readonly after: LogPosition;
  readonly before: LogPosition;
  /** `head`: the first ones, in order. `tail`: the last ones, latest first. */
  readonly from: "head" | "tail";
  readonly limit: number;
}

/**
 * Log groups, as far as the embedded host's CloudWatch Logs API needs them. A group is named by its ARN, without the
 * `:*` at its end. Each method throws `LogGroupNotFound` where the group is not there, unless it says otherwise.
 */
export interface LogStore {
  /** False if the group is there already. */
  createLogGroup(group: string): Promise<boolean>;
  /** Deletes the group with its streams and events. */
  deleteLogGroup(group: string): Promise<void>;
  /** Lets the group's events go when their timestamps are older than some days; undefined keeps them for ever. */
  setRetention(group: string, days: number | undefined): Promise<void>;
  /** Changes the group's tags, by itself: no other change comes between. What `change` throws is thrown. */
  changeTags(
    group: string,
    change: (tags: NonNullable<LogGroup["tags"]>) => NonNullable<LogGroup["tags"]>,
  ): Promise<void>;
  /** All groups. */
  logGroups(): Promise<readonly LogGroup[]>;
  /** False if the stream is there already. */
  createLogStream(group: string, stream: string): Promise<boolean>;
  logStreams(group: string): Promise<readonly LogStream[]>;
  /** Appends events, as the `LogGroups` port has it. */
  putLogEvents(group: string, stream: string, events: readonly LogEvent[]): Promise<RejectedLogEvents>;
  /** Events of a stream that are within the group's retention; none where there is no such stream. */
  logEvents(group: string, stream: string, query: LogEventsQuery): Promise<readonly StoredLogEvent[]>;
}
