import path from "node:path";
import type { StatementSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
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
const DAY_MS = 24 * 60 * 60 * 1000;
const EXPIRED_AT_ONCE = 500;

/**
 * Log groups in SQLite, in the file `log-groups.db` of the data folder, which must be locked to this process.
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
      this.#sql.deleteGroup.run(this.#group(group).id);
    });
  }

  async setRetention(group: string, days: number | undefined): Promise<void> {
    this.#database.transaction(() => {
      this.#sql.setRetention.run(days ?? null, this.#group(group).id);
    });
  }

  async changeTags(
    group: string,
    change: (tags: NonNullable<LogGroup["tags"]>) => NonNullable<LogGroup["tags"]>,
  ): Promise<void> {
    this.#database.transaction(() => {
      const { id, tags } = this.#group(group);
      this.#sql.setTags.run(JSON.stringify(change(tags)), id);
    });
  }

  /** Deletes events that are older than their groups' retention. Answers how many. */
  async expireEvents(): Promise<number> {
    let expired = 0;
    for (const {
      id,
      retention_days: days,
    } of this.#sql.limitedGroups.all() as unknown as readonly GroupRow[]) {
      const before = this.#clock.now() - (days ?? 0) * DAY_MS;
      for (let deleted = EXPIRED_AT_ONCE; deleted === EXPIRED_AT_ONCE; await setImmediate()) {
        deleted = this.#expire(id, before);
        expired += deleted;
      }
    }
    return expired;
  }

  async logGroups(): Promise<readonly LogGroup[]> {
    const rows = this.#sql.groups.all() as unknown as readonly GroupRow[];
    return rows.map((row) => ({
      arn: row.arn,
      creationTime: row.creation_time,
      storedBytes: row.stored_bytes,
      ...(row.retention_days !== null && { retentionInDays: row.retention_days }),
      ...(row.tags !== null && { tags: tagsOf(row.tags) }),
    }));
  }

  async groupExists(group: string): Promise<boolean> {
    return this.#sql.group.get(withoutWildcard(group)) !== undefined;
  }

  async createLogStream(group: string, stream: string): Promise<boolean> {
    return this.#database.transaction(() => {
      const { changes } = this.#sql.addStream.run(this.#group(group).id, stream, this.#clock.now());
      return changes > 0;
    });
  }

  async logStreams(group: string): Promise<readonly LogStream[]> {
    const rows = this.#sql.streams.all(this.#group(group).id) as unknown as readonly StreamRow[];
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
    return this.#database.transaction(() => {
      const { id, keptFrom } = this.#group(group);
      const inTime = events.filter(({ timestamp }) => timestamp >= now - OLDEST_MS);
      const kept = inTime.filter(({ timestamp }) => timestamp >= keptFrom);
      const taken = kept.filter(({ timestamp }) => timestamp <= now + NEWEST_MS);
      this.#sql.addStream.run(id, stream, now);
      this.#append(id, stream, taken, now);
      return {
        tooOld: events.length - inTime.length,
        expired: inTime.length - kept.length,
        tooNew: kept.length - taken.length,
      };
    });
  }

  async logEvents(group: string, stream: string, query: LogEventsQuery): Promise<readonly StoredLogEvent[]> {
    const { id, keptFrom } = this.#group(group);
    const row = this.#sql.stream.get(id, stream) as { id: number } | undefined;
    if (row === undefined) {
      return [];
    }
    const { before, from, limit } = query;
    const after = query.after.timestamp < keptFrom ? { timestamp: keptFrom, sequence: 0 } : query.after;
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

  /** The group, and the timestamp of the oldest event that it keeps. @throws LogGroupNotFound */
  #group(group: string): {
    readonly id: number;
    readonly keptFrom: number;
    readonly tags: NonNullable<LogGroup["tags"]>;
  } {
    const row = this.#sql.group.get(withoutWildcard(group)) as GroupRow | undefined;
    if (row === undefined) {
      throw new LogGroupNotFound(`There is no log group ${group}`);
    }
    const { id, retention_days: days, tags } = row;
    return { id, keptFrom: days === null ? 0 : this.#clock.now() - days * DAY_MS, tags: tagsOf(tags) };
  }

  /** Deletes a group's events before a time, so many as do not hold up other work. */
  #expire(groupId: number, before: number): number {
    return this.#database.transaction(() => {
      const rows = this.#sql.expired.all(
        groupId,
        before,
        EXPIRED_AT_ONCE,
      ) as unknown as readonly ExpiredRow[];
      for (const { id } of rows) {
        this.#sql.deleteEvent.run(id);
      }
      this.#sql.noteBytes.run(-rows.reduce((sum, { bytes }) => sum + bytes, 0), groupId);
      return rows.length;
    });
  }
}

/** A trail's CloudWatchLogsLogGroupArn ends in `:*`. */
function withoutWildcard(group: string): string {
  return group.endsWith(":*") ? group.slice(0, -2) : group;
}

function nameOf(arn: string): string {
  return /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:(.*)$/.exec(arn)?.[1] ?? arn;
}

interface ExpiredRow {
  readonly id: number;
  readonly bytes: number;
}

interface GroupRow {
  readonly id: number;
  readonly arn: string;
  readonly creation_time: number;
  readonly stored_bytes: number;
  readonly retention_days: number | null;
  readonly tags: string | null;
}

function tagsOf(tags: string | null): NonNullable<LogGroup["tags"]> {
  return tags === null ? {} : (JSON.parse(tags) as NonNullable<LogGroup["tags"]>);
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
  | "lastEvents"
  | "setRetention"
  | "setTags"
  | "limitedGroups"
  | "expired"
  | "deleteEvent",
  StatementSync
> {
  const events = `SELECT timestamp, id AS sequence, ingestion_time AS ingestionTime, message FROM events
    WHERE stream_id = ? AND (timestamp, id) > (?, ?) AND (timestamp, id) < (?, ?)`;
  return {
    addGroup: database.prepare("INSERT OR IGNORE INTO groups (arn, name, creation_time) VALUES (?, ?, ?)"),
    deleteGroup: database.prepare("DELETE FROM groups WHERE id = ?"),
    groups: database.prepare("SELECT * FROM groups ORDER BY arn"),
    setRetention: database.prepare("UPDATE groups SET retention_days = ? WHERE id = ?"),
    setTags: database.prepare("UPDATE groups SET tags = ? WHERE id = ?"),
    limitedGroups: database.prepare("SELECT * FROM groups WHERE retention_days IS NOT NULL"),
    expired: database.prepare(
      `SELECT events.id, octet_length(message) AS bytes FROM streams JOIN events ON stream_id = streams.id
       WHERE group_id = ? AND timestamp < ? LIMIT ?`,
    ),
    deleteEvent: database.prepare("DELETE FROM events WHERE id = ?"),
    group: database.prepare("SELECT * FROM groups WHERE ?1 IN (arn, name) ORDER BY arn LIMIT 1"),
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
