import { dataResourceType } from "./data-resource-type.ts";
import type { DataResource, EventSelector, ReadWriteType } from "./event-selection.ts";
import { ALWAYS, allOf, anyOf, type EventTest, NEVER, type TestsByKind } from "./event-test.ts";
import { type EventResource, isReadOnly, resourcesOf } from "./record-fields.ts";

/** Basic selectors, compiled. They take management events, data events of three types, and no network activity. */
export function compileBasic(selectors: readonly EventSelector[]): TestsByKind {
  const management = anyOf(selectors.map(compileManagement));
  const data = anyOf(selectors.map(compileData));
  const derived = management === NEVER && data === NEVER ? NEVER : ALWAYS;
  return {
    management,
    data,
    "network-activity": NEVER,
    activity: management,
    insight: derived,
    aggregated: derived,
  };
}

function compileManagement(selector: EventSelector): EventTest {
  if (!selector.IncludeManagementEvents) return NEVER;
  const excluded = new Set<unknown>(selector.ExcludeManagementEventSources);
  return allOf([
    compileReadWrite(selector.ReadWriteType),
    excluded.size === 0 ? ALWAYS : (event) => !excluded.has(event.eventSource),
  ]);
}

function compileData(selector: EventSelector): EventTest {
  const tests = selector.DataResources.map(compileDataResource);
  if (tests.length === 0) return NEVER;
  return allOf([
    compileReadWrite(selector.ReadWriteType),
    (event) => resourcesOf(event).some((resource) => tests.some((test) => test(resource))),
  ]);
}

function compileReadWrite(type: ReadWriteType): EventTest {
  if (type === "All") return ALWAYS;
  return type === "ReadOnly" ? isReadOnly : (event) => !isReadOnly(event);
}

function compileDataResource({ Type, Values }: DataResource): (resource: EventResource) => boolean {
  const known = dataResourceType(Type);
  if (known === undefined) return () => false;
  if (Values.some((value) => known.every.test(value))) return ({ type }) => type === Type;
  if (known.match === "exact") {
    const arns = new Set<string | undefined>(Values);
    return ({ type, arn }) => type === Type && arns.has(arn);
  }
  return ({ type, arn = "" }) => type === Type && Values.some((prefix) => arn.startsWith(prefix));
}
