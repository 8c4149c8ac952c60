import type { AdvancedFieldSelector } from "./event-selection.ts";

/** Tests a field's text; undefined where the event does not have the field. */
export type ValueTest = (value: string | undefined) => boolean;

type TextTest = (value: string) => boolean;

/**
 * The conditions of one field selector: one value of one of Equals, StartsWith and EndsWith must fit, if there are
 * any, and none of NotEquals, NotStartsWith and NotEndsWith may. An absent field fits no value.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
 */
export function compileValueTest(selector: AdvancedFieldSelector): ValueTest {
  const selects = compileAny(selector.Equals, selector.StartsWith, selector.EndsWith);
  const deselects = compileAny(selector.NotEquals, selector.NotStartsWith, selector.NotEndsWith);
  return (value) =>
    value === undefined
      ? selects === undefined
      : (selects === undefined || selects(value)) && !deselects?.(value);
}

function compileAny(
  exact: readonly string[] = [],
  prefixes: readonly string[] = [],
  suffixes: readonly string[] = [],
): TextTest | undefined {
  if (exact.length + prefixes.length + suffixes.length === 0) return undefined;
  const known = new Set(exact);
  if (prefixes.length + suffixes.length === 0) return (value) => known.has(value);
  return (value) =>
    known.has(value) ||
    prefixes.some((prefix) => value.startsWith(prefix)) ||
    suffixes.some((suffix) => value.endsWith(suffix));
}
