import type { JsonObject } from "../event/json.ts";
import type { RecordKind } from "../event/record.ts";

/** Tests the members that `describedEvent` gives. */
export type EventTest = (event: JsonObject) => boolean;

/** A test a kind of record. */
export type TestsByKind = Readonly<Record<RecordKind, EventTest>>;

/** Recognized by identity, so that what is combined with it is not run for nothing. */
export const ALWAYS: EventTest = () => true;

export const NEVER: EventTest = () => false;

/** A test that holds where one of `tests` does; NEVER itself if none of them ever does. */
export function anyOf(tests: readonly EventTest[]): EventTest {
  if (tests.includes(ALWAYS)) return ALWAYS;
  const possible = tests.filter((test) => test !== NEVER);
  const [first, ...others] = possible;
  if (first === undefined) return NEVER;
  return others.length === 0 ? first : (event) => possible.some((test) => test(event));
}

/** A test that holds where each of `tests` does; ALWAYS itself if all of them always do. */
export function allOf(tests: readonly EventTest[]): EventTest {
  const open = tests.filter((test) => test !== ALWAYS);
  const [first, ...others] = open;
  if (first === undefined) return ALWAYS;
  return others.length === 0 ? first : (event) => open.every((test) => test(event));
}
