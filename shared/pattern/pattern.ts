import type { FieldTree } from "./field-tree.ts";
import type { ValueTest } from "./value-test.ts";

/** What a pattern asks of one field: that one of its values passes one of the tests, or that it is absent. */
export interface FieldCondition {
  /** The names that lead to the field, joined by dots, as EventBridge joins them. */
  readonly path: string;
  /** Plain strings, apart from the other tests because they are most of what rules ask. */
  readonly strings: ReadonlySet<string>;
  readonly tests: readonly ValueTest[];
  /** Whether `exists: false` is among the alternatives. */
  readonly orAbsent: boolean;
}

/** Conditions that must all hold, by path. */
export type Combination = readonly FieldCondition[];

/** An event pattern, ready to match: any one combination makes a match. `$or` is what makes more than one. */
export interface EventPattern {
  readonly combinations: readonly Combination[];
  /** The fields that any combination asks for. */
  readonly fields: FieldTree;
}
