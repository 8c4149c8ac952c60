import type { ValueCount } from "../history/facets.ts";
import type { LookupEvent } from "../history/lookup-event.ts";

/** Has the token of the next page, where the page is a file. Without it the page is the last one. */
export const NEXT_TOKEN_HEADER = "x-opentrail-next-token";

/** The answer to `GET /_opentrail/events`. */
export interface EventList {
  readonly events: readonly LookupEvent[];
  /** For the next page; null at the end. A page that is not full may have one, and need not be the last. */
  readonly nextToken: string | null;
}

/** The answer with `counts=…`. */
export interface EventCounts {
  /** How many events were counted: the first ones in the order of the search. */
  readonly events: number;
  /** False if there are more than were counted. */
  readonly isComplete: boolean;
  /** By attribute, the most frequent values first. */
  readonly counts: Readonly<Record<string, readonly ValueCount[]>>;
}
