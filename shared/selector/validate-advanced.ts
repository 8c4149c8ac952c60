import { FIELD_OPERATORS, FIELDS_BY_CATEGORY, type FieldRule } from "./advanced-fields.ts";
import type { AdvancedEventSelector, AdvancedFieldSelector } from "./event-selection.ts";
import { invalidEventSelectors } from "./invalid-event-selectors.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
const MAX_VALUES = 500;

/**
 * Checks the advanced selectors of a trail beyond what the service model says of their shape and lengths.
 * @throws AwsError InvalidEventSelectorsException
 */
export function requireAdvancedSelectors(selectors: readonly AdvancedEventSelector[]): void {
  for (const selector of selectors) requireSelector(selector);
  const values = selectors
    .flatMap(({ FieldSelectors }) => FieldSelectors)
    .reduce((sum, selector) => sum + valuesOf(selector).length, 0);
  if (values > MAX_VALUES) {
    throw invalidEventSelectors(
      `Specify a valid number of values (1 to ${MAX_VALUES}) for all conditions in your advanced event selectors.`,
    );
  }
}

function requireSelector({ FieldSelectors }: AdvancedEventSelector): void {
  const category = categoryOf(FieldSelectors);
  const rules = Object.hasOwn(FIELDS_BY_CATEGORY, category) ? FIELDS_BY_CATEGORY[category] : undefined;
  if (rules === undefined) {
    throw invalidEventSelectors(
      `Value ${category} for field eventCategory is invalid. Valid values are: ${Object.keys(FIELDS_BY_CATEGORY).join(", ")}`,
    );
  }
  for (const selector of FieldSelectors) {
    const rule = Object.hasOwn(rules, selector.Field) ? rules[selector.Field] : undefined;
    if (rule === undefined) {
      throw invalidEventSelectors(
        `Field ${selector.Field} is invalid for eventCategory ${category}. Valid fields are: ${Object.keys(rules).join(", ")}`,
      );
    }
    requireField(selector, rule);
  }
  for (const [field, { required = false, once = false }] of Object.entries(rules)) {
    const count = FieldSelectors.filter(({ Field }) => Field === field).length;
    if (required && count === 0) {
      throw invalidEventSelectors(`Field ${field} is required for eventCategory ${category}.`);
    }
    if (once && count > 1) {
      throw invalidEventSelectors(`Field ${field} can be specified only once in an advanced event selector.`);
    }
  }
}

/** The category that a selector is of. It decides which other fields the selector may have. */
function categoryOf(fieldSelectors: readonly AdvancedFieldSelector[]): string {
  const selector = fieldSelectors.find(({ Field }) => Field === "eventCategory");
  if (selector === undefined) {
    throw invalidEventSelectors("Field eventCategory is required in every advanced event selector.");
  }
  const [category, ...others] = selector.Equals ?? [];
  if (category === undefined || others.length > 0) {
    throw invalidEventSelectors("Field eventCategory must have one value for the operator Equals.");
  }
  return category;
}

function requireField(selector: AdvancedFieldSelector, { operators, values, form }: FieldRule): void {
  const { Field } = selector;
  for (const operator of FIELD_OPERATORS) {
    if (selector[operator] !== undefined && !operators.includes(operator)) {
      throw invalidEventSelectors(
        `Operator ${operator} is invalid for field ${Field}. Valid operators are: ${operators.join(", ")}`,
      );
    }
  }
  const given = valuesOf(selector);
  if (given.length === 0) {
    throw invalidEventSelectors(`Field ${Field} must have at least one operator.`);
  }
  for (const value of given) {
    if (values?.includes(value) === false) {
      throw invalidEventSelectors(
        `Value ${value} for field ${Field} is invalid. Valid values are: ${values.join(", ")}`,
      );
    }
    if (form?.test(value) === false) {
      throw invalidEventSelectors(`Value ${value} for field ${Field} is invalid.`);
    }
  }
}

function valuesOf(selector: AdvancedFieldSelector): readonly string[] {
  return FIELD_OPERATORS.flatMap((operator) => selector[operator] ?? []);
}
