import {
  type LogEvent,
  LogGroupNotFound,
  type LogGroups,
  type RejectedLogEvents,
} from "../../ports/log-groups.ts";

const NONE_REJECTED: RejectedLogEvents = { tooOld: 0, tooNew: 0, expired: 0 };

/** Log groups that live as long as the process and take every event. */
export class MemoryLogGroups implements LogGroups {
  readonly #groups = new Map<string, Map<string, LogEvent[]>>();

  /** @param group the log group's name, or its ARN */
  createGroup(group: string): void {
    this.#groups.set(groupName(group), new Map());
  }

  /** What a stream holds, in the order in which it came; empty if there is no such stream. */
  events(group: string, stream: string): readonly LogEvent[] {
    return this.#groups.get(groupName(group))?.get(stream) ?? [];
  }

  async putLogEvents(group: string, stream: string, events: readonly LogEvent[]): Promise<RejectedLogEvents> {
    const streams = this.#groups.get(groupName(group));
    if (streams === undefined) {
      throw new LogGroupNotFound(`There is no log group ${group}`);
    }
    streams.set(stream, [...(streams.get(stream) ?? []), ...events]);
    return NONE_REJECTED;
  }

  async groupExists(group: string): Promise<boolean> {
    return this.#groups.has(groupName(group));
  }
}

/** A log group's ARN, which may end in `:*`, or its name → its name. */
function groupName(group: string): string {
  return /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:([^:]*)/.exec(group)?.[1] ?? group;
}
