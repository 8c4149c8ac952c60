import path from "node:path";
import type { StatementSync } from "node:sqlite";
import type { Clock } from "../../ports/clock.ts";
import {
  type LogEvent,
  LogGroupNotFound,
  type LogGroups,
  type RejectedLogEvents,
} from "../../ports/log-groups.ts";
import type { LogEventsQuery, LogGroup, LogStore, LogStream, StoredLogEvent } from "../../ports/log-store.ts";
import { Database } from "./database.ts";
import { LOG_GROUPS_SCHEMA } from "./schema.ts";

const OLDEST_MS = 14 * 24 * 60 * 60 * 1000;
const NEWEST_MS = 2 * 60 * 60 * 1000;

/**
 * Log groups in SQLite, in the file `log-groups.db` of the data folder, which must be locked to this process. Events
 * stay until their group is deleted: no group has a retention.
 */
export class LocalLogGroups implements LogGroups, LogStore {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #sql: ReturnType<typeof statements>;

  /** @param folder the data folder's path */
  constructor(folder: string, clock: Clock) {
    this.#database = new Database(path.join(folder, "log-groups.db"), LOG_GROUPS_SCHEMA);
    this.#clock = clock;
    this.#sql = statements(this.#database);
  }

  async createLogGroup(group: string): Promise<boolean> {
    const arn = withoutWildcard(group);
    return this.#database.transaction(
      () => this.#sql.addGroup.run(arn, nameOf(arn), this.#clock.now()).changes > 0,
    );
  }

  async deleteLogGroup(group: string): Promise<void> {
    this.#database.transaction(() => {
      this.#sql.deleteGroup.run(this.#groupId(group));
    });
  }

  async logGroups(): Promise<readonly LogGroup[]> {
    const rows = this.#sql.groups.all() as unknown as readonly GroupRow[];
    return rows.map((row) => ({
      arn: row.arn,
      creationTime: row.creation_time,
      storedBytes: row.stored_bytes,
    }));
  }

  async groupExists(group: string): Promise<boolean> {
    return this.#findGroup(group) !== undefined;
  }

  async createLogStream(group: string, stream: string): Promise<boolean> {
    return this.#database.transaction(() => {
      const { changes } = this.#sql.addStream.run(this.#groupId(group), stream, this.#clock.now());
      return changes > 0;
    });
  }

  async logStreams(group: string): Promise<readonly LogStream[]> {
    const rows = this.#sql.streams.all(this.#groupId(group)) as unknown as readonly StreamRow[];
    return rows.map((row) => ({
      name: row.name,
      creationTime: row.creation_time,
      ...(row.first_timestamp !== null && { firstEventTimestamp: row.first_timestamp }),
      ...(row.last_timestamp !== null && { lastEventTimestamp: row.last_timestamp }),
      ...(row.last_ingestion_time !== null && { lastIngestionTime: row.last_ingestion_time }),
    }));
  }

  async putLogEvents(group: string, stream: string, events: readonly LogEvent[]): Promise<RejectedLogEvents> {
    const now = this.#clock.now();
    const tooOld = events.filter(({ timestamp }) => timestamp < now - OLDEST_MS).length;
    const tooNew = events.filter(({ timestamp }) => timestamp > now + NEWEST_MS).length;
    const taken = events.filter(
      ({ timestamp }) => timestamp >= now - OLDEST_MS && timestamp <= now + NEWEST_MS,
    );

    this.#database.transaction(() => {
      const groupId = this.#groupId(group);
      this.#sql.addStream.run(groupId, stream, now);
      this.#append(groupId, stream, taken, now);
    });
    return { tooOld, tooNew, expired: 0 };
  }

  async logEvents(group: string, stream: string, query: LogEventsQuery): Promise<readonly StoredLogEvent[]> {
    const row = this.#sql.stream.get(this.#groupId(group), stream) as { id: number } | undefined;
    if (row === undefined) {
      return [];
    }
    const { after, before, from, limit } = query;
    const events = from === "head" ? this.#sql.firstEvents : this.#sql.lastEvents;
    const bounds = [after.timestamp, after.sequence, before.timestamp, before.sequence];
    return events.all(row.id, ...bounds, limit) as unknown as readonly StoredLogEvent[];
  }

  close(): void {
    this.#database.close();
  }

  #append(groupId: number, stream: string, events: readonly LogEvent[], now: number): void {
    if (events.length === 0) {
      return;
    }
    const { id } = this.#sql.stream.get(groupId, stream) as { id: number };
    for (const { timestamp, message } of events) {
      this.#sql.addEvent.run(id, timestamp, now, message);
    }
    const timestamps = events.map(({ timestamp }) => timestamp);
    const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
    this.#sql.noteEvents.run(
      timestamps.reduce((a, b) => Math.min(a, b)),
      timestamps.reduce((a, b) => Math.max(a, b)),
      now,
      id,
    );
    this.#sql.noteBytes.run(bytes, groupId);
  }

  #findGroup(group: string): number | undefined {
    const row = this.#sql.group.get(withoutWildcard(group)) as { id: number } | undefined;
    return row?.id;
  }

  #groupId(group: string): number {
    const id = this.#findGroup(group);
    if (id === undefined) {
      throw new LogGroupNotFound(`There is no log group ${group}`);
    }
    return id;
  }
}

/** A trail's CloudWatchLogsLogGroupArn ends in `:*`. */
function withoutWildcard(group: string): string {
  return group.endsWith(":*") ? group.slice(0, -2) : group;
}

function nameOf(arn: string): string {
  return /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:(.*)$/.exec(arn)?.[1] ?? arn;
}

interface GroupRow {
  readonly arn: string;
  readonly creation_time: number;
  readonly stored_bytes: number;
}

interface StreamRow {
  readonly name: string;
  readonly creation_time: number;
  readonly first_timestamp: number | null;
  readonly last_timestamp: number | null;
  readonly last_ingestion_time: number | null;
}

function statements(
  database: Database,
): Record<
  | "addGroup"
  | "deleteGroup"
  | "groups"
  | "group"
  | "addStream"
  | "streams"
  | "stream"
  | "addEvent"
  | "noteEvents"
  | "noteBytes"
  | "firstEvents"
  | "lastEvents",
  StatementSync
> {
  const events = `SELECT timestamp, id AS sequence, ingestion_time AS ingestionTime, message FROM events
    WHERE stream_id = ? AND (timestamp, id) > (?, ?) AND (timestamp, id) < (?, ?)`;
  return {
    addGroup: database.prepare("INSERT OR IGNORE INTO groups (arn, name, creation_time) VALUES (?, ?, ?)"),
    deleteGroup: database.prepare("DELETE FROM groups WHERE id = ?"),
    groups: database.prepare("SELECT arn, creation_time, stored_bytes FROM groups ORDER BY arn"),
    group: database.prepare("SELECT id FROM groups WHERE ?1 IN (arn, name) ORDER BY arn LIMIT 1"),
    addStream: database.prepare(
      "INSERT OR IGNORE INTO streams (group_id, name, creation_time) VALUES (?, ?, ?)",
    ),
    streams: database.prepare("SELECT * FROM streams WHERE group_id = ? ORDER BY name"),
    stream: database.prepare("SELECT id FROM streams WHERE group_id = ? AND name = ?"),
    addEvent: database.prepare(
      "INSERT INTO events (stream_id, timestamp, ingestion_time, message) VALUES (?, ?, ?, ?)",
    ),
    noteEvents: database.prepare(
      `UPDATE streams SET first_timestamp = min(?1, coalesce(first_timestamp, ?1)),
         last_timestamp = max(?2, coalesce(last_timestamp, ?2)), last_ingestion_time = ?3 WHERE id = ?4`,
    ),
    noteBytes: database.prepare("UPDATE groups SET stored_bytes = stored_bytes + ? WHERE id = ?"),
    firstEvents: database.prepare(`${events} ORDER BY timestamp, id LIMIT ?`),
    lastEvents: database.prepare(`${events} ORDER BY timestamp DESC, id DESC LIMIT ?`),
  };
}
