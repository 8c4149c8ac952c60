import { type LogEvent, LogGroupNotFound, type RejectedLogEvents } from "../../shared/ports/log-groups.ts";
import type {
  LogEventsQuery,
  LogGroup,
  LogPosition,
  LogStore,
  LogStream,
  StoredLogEvent,
} from "../../shared/ports/log-store.ts";

interface Group {
  readonly group: LogGroup;
  readonly streams: Map<string, { readonly creationTime: number; readonly events: StoredLogEvent[] }>;
}

/** Log groups in memory, the obvious way. */
export class MemoryLogStore implements LogStore {
  readonly #groups = new Map<string, Group>();
  #sequence = 0;
  /** What the next puts refuse. */
  rejected: RejectedLogEvents = { tooOld: 0, expired: 0, tooNew: 0 };

  async createLogGroup(arn: string): Promise<boolean> {
    if (this.#groups.has(arn)) return false;
    this.#groups.set(arn, { group: { arn, creationTime: Date.now(), storedBytes: 0 }, streams: new Map() });
    return true;
  }

  async deleteLogGroup(group: string): Promise<void> {
    this.#find(group);
    this.#groups.delete(group);
  }

  async logGroups(): Promise<readonly LogGroup[]> {
    return [...this.#groups.values()].map(({ group }) => group);
  }

  async createLogStream(group: string, stream: string): Promise<boolean> {
    const { streams } = this.#find(group);
    if (streams.has(stream)) return false;
    streams.set(stream, { creationTime: Date.now(), events: [] });
    return true;
  }

  async logStreams(group: string): Promise<readonly LogStream[]> {
    return [...this.#find(group).streams].map(([name, { creationTime, events }]) => {
      const first = events[0];
      const last = events.at(-1);
      return first === undefined || last === undefined
        ? { name, creationTime }
        : {
            name,
            creationTime,
            firstEventTimestamp: first.timestamp,
            lastEventTimestamp: last.timestamp,
            lastIngestionTime: Math.max(...events.map(({ ingestionTime }) => ingestionTime)),
          };
    });
  }

  async putLogEvents(group: string, stream: string, events: readonly LogEvent[]): Promise<RejectedLogEvents> {
    await this.createLogStream(group, stream);
    const taken = events.slice(
      this.rejected.tooOld + this.rejected.expired,
      events.length - this.rejected.tooNew,
    );
    const stored = this.#find(group).streams.get(stream)?.events;
    for (const event of taken) {
      this.#sequence += 1;
      stored?.push({ ...event, sequence: this.#sequence, ingestionTime: Date.now() });
    }
    stored?.sort(inOrder);
    return this.rejected;
  }

  async logEvents(group: string, stream: string, query: LogEventsQuery): Promise<readonly StoredLogEvent[]> {
    const events = this.#find(group).streams.get(stream)?.events ?? [];
    const found = events.filter(
      (event) => inOrder(query.after, event) < 0 && inOrder(event, query.before) < 0,
    );
    return (query.from === "head" ? found : found.toReversed()).slice(0, query.limit);
  }

  #find(arn: string): Group {
    const found = this.#groups.get(arn);
    if (found === undefined) throw new LogGroupNotFound(arn);
    return found;
  }
}

function inOrder(a: LogPosition, b: LogPosition): number {
  return a.timestamp - b.timestamp || a.sequence - b.sequence;
}
