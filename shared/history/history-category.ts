import type { RecordKind } from "../event/record.ts";
import type { HistoryCategory } from "./spaces.ts";

/** Which events the history takes, beside those that AWS's has. */
export interface HistoryScope {
  /** Whether data events and network activity events are kept too. LookupEvents does not answer them. */
  readonly dataEvents: boolean;
}

/**
 * Under which category the history keeps a record; undefined if it does not. Management and Insights events are
 * taken whether or not a trail wants them, and applications' events with the management events.
 */
export function historyCategory(kind: RecordKind, scope: HistoryScope): HistoryCategory | undefined {
  switch (kind) {
    case "management":
    case "activity":
      return "management";
    case "insight":
      return "insight";
    case "data":
    case "network-activity":
      return scope.dataEvents ? "data" : undefined;
    case "aggregated":
      return undefined;
  }
}
