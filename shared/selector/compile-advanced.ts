import type { RecordKind } from "../event/record.ts";
import { CATEGORIES_OF_KIND, isDerivedKind } from "./event-category.ts";
import type { AdvancedEventSelector, AdvancedFieldSelector } from "./event-selection.ts";
import { ALWAYS, allOf, anyOf, type EventTest, NEVER, type TestsByKind } from "./event-test.ts";
import { fieldText, resourcesOf } from "./record-fields.ts";
import { compileValueTest } from "./value-test.ts";

/** Advanced selectors, compiled: one selector of the right category must hold, with each of its field selectors. */
export function compileAdvanced(selectors: readonly AdvancedEventSelector[]): TestsByKind {
  const compiled = selectors.map((selector) => ({
    admits: compileCategory(selector),
    test: compileFields(selector.FieldSelectors),
  }));
  const ofKind = (kind: RecordKind): EventTest => {
    const tests = compiled
      .filter(({ admits }) => CATEGORIES_OF_KIND[kind].some(admits))
      .map(({ test }) => test);
    if (!isDerivedKind(kind)) return anyOf(tests);
    return tests.length > 0 ? ALWAYS : NEVER;
  };
  return {
    management: ofKind("management"),
    data: ofKind("data"),
    "network-activity": ofKind("network-activity"),
    activity: ofKind("activity"),
    insight: ofKind("insight"),
    aggregated: ofKind("aggregated"),
  };
}

function compileCategory({ FieldSelectors }: AdvancedEventSelector): (category: string) => boolean {
  const tests = FieldSelectors.filter(({ Field }) => Field === "eventCategory").map(compileValueTest);
  return (category) => tests.every((test) => test(category));
}

function compileFields(fieldSelectors: readonly AdvancedFieldSelector[]): EventTest {
  const ofEvent = fieldSelectors.filter(
    ({ Field }) => Field !== "eventCategory" && !Field.startsWith("resources."),
  );
  return allOf([...ofEvent.map(compileField), compileResources(fieldSelectors)]);
}

function compileField(selector: AdvancedFieldSelector): EventTest {
  const test = compileValueTest(selector);
  const { Field } = selector;
  return (event) => test(fieldText(event, Field));
}

/**
 * One resource of the event must meet every condition on resources. So a copy from a bucket that is selected to one
 * that is not is taken, and `NotStartsWith` leaves out only events whose resources of the type are all left out.
 */
function compileResources(fieldSelectors: readonly AdvancedFieldSelector[]): EventTest {
  const types = fieldSelectors.filter(({ Field }) => Field === "resources.type").map(compileValueTest);
  const arns = fieldSelectors.filter(({ Field }) => Field === "resources.ARN").map(compileValueTest);
  if (types.length + arns.length === 0) return ALWAYS;
  return (event) =>
    resourcesOf(event).some(
      ({ type, arn }) => types.every((test) => test(type)) && arns.every((test) => test(arn)),
    );
}
