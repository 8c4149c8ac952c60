/** How much a pattern may ask for. */
export interface PatternLimits {
  /** Characters of the pattern's text. */
  readonly characters: number;
  /** Combinations that its `$or`s multiply to. */
  readonly combinations: number;
  /** How many beginnings of its wildcards one value of a field may match at once. */
  readonly wildcardComplexity: number;
}

/**
 * What EventBridge takes in a rule. The first two are stated (PutRule in the API reference; "Or matching" in
 * the user guide's page on comparison operators). The third is not: AWS refuses a pattern that scores 11, takes
 * ones that score 8, and event-ruler's README suggests 10 for a single rule.
 */
export const EVENTBRIDGE_LIMITS: PatternLimits = {
  characters: 4096,
  combinations: 1000,
  wildcardComplexity: 10,
};
