import type { Combination, FieldCondition } from "./pattern.ts";
import type { Wildcard } from "./wildcard.ts";

/** Wildcards of one operator: the one of `wildcard`, or all that an `anything-but` lists. */
interface WildcardOperator {
  readonly id: string;
  readonly wildcards: readonly Wildcard[];
}

/** A beginning of a wildcard, by its last token. The beginnings of one wildcard follow each other in a list. */
interface Beginning {
  /** A character, or the empty text for a star. */
  readonly token: string;
  readonly isFirst: boolean;
  /** Equal for what one operator's wildcards have in common up to their first star, and for them as a whole. */
  readonly countsAs: string;
}

const STAR = "";
const ANY_OTHER = "any other";
const MAX_SETS = 10_000;

/**
 * Whether some value of one field could match more than so many beginnings of the wildcards that are asked of
 * that field, all at once: that is what AWS's engine measures, because each costs it a state to follow
 * (MachineComplexityEvaluator in event-ruler). Too much work to tell counts as exceeding.
 */
export function exceedsComplexity(combinations: readonly Combination[], limit: number): boolean {
  return limit !== Number.POSITIVE_INFINITY && fieldsOf(combinations).some((field) => exceeds(field, limit));
}

/** The wildcards that the engine follows together: of one field, where all before it is asked alike. */
function fieldsOf(combinations: readonly Combination[]): readonly (readonly WildcardOperator[])[] {
  const fields = new Map<string, Map<string, WildcardOperator>>();
  for (const combination of combinations) {
    let before = "";
    for (const condition of combination) {
      const operators = operatorsOf(condition);
      if (operators.length > 0) {
        const key = `${before}\n${condition.path}`;
        const field = fields.get(key) ?? new Map<string, WildcardOperator>();
        for (const operator of operators) {
          field.set(operator.id, operator);
        }
        fields.set(key, field);
      }
      before += JSON.stringify([condition.path, [...condition.strings], condition.tests, condition.orAbsent]);
    }
  }
  return [...fields.values()].map((field) => [...field.values()]);
}

function operatorsOf(condition: FieldCondition): readonly WildcardOperator[] {
  return condition.tests.flatMap((test) => {
    const isNegated = test.kind === "anything-but";
    const inner = (isNegated ? test.tests : [test]).filter((one) => one.kind === "wildcard");
    const id = JSON.stringify([isNegated, ...inner.map((one) => one.text)]);
    return inner.length === 0 ? [] : [{ id, wildcards: inner.map((one) => one.wildcard) }];
  });
}

/** Walks every set of beginnings that one value can match together. */
function exceeds(operators: readonly WildcardOperator[], limit: number): boolean {
  const beginnings = operators.flatMap(beginningsOf);
  const opening = withStars(
    beginnings,
    beginnings.flatMap((beginning, at) => (beginning.isFirst ? [at] : [])),
  );
  const seen = new Set<string>();
  const pending = [opening];
  for (let matched = pending.pop(); matched !== undefined; matched = pending.pop()) {
    const key = matched.join(",");
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    if (new Set(matched.map((at) => beginnings[at]?.countsAs)).size > limit || seen.size > MAX_SETS) {
      return true;
    }
    for (const character of nextCharacters(beginnings, matched)) {
      pending.push(afterCharacter(beginnings, matched, character));
    }
  }
  return false;
}

/** A value is matched in its quotes, so that every wildcard begins and ends with one. */
function beginningsOf(operator: WildcardOperator, operatorAt: number): readonly Beginning[] {
  return operator.wildcards.flatMap((wildcard, wildcardAt) => {
    const literals = wildcard.map((literal) => Array.from(literal));
    const tokens = [
      '"',
      ...literals.flatMap((literal, at) => (at === 0 ? literal : [STAR, ...literal])),
      '"',
    ];
    const firstStar = tokens.indexOf(STAR);
    return tokens.map((token, at) => {
      const isWhole = at === tokens.length - 1;
      const isShared = firstStar < 0 || at <= firstStar;
      const within = isWhole ? "whole" : isShared ? tokens.slice(0, at + 1) : [wildcardAt, at];
      return { token, isFirst: at === 0, countsAs: JSON.stringify([operatorAt, within]) };
    });
  });
}

function nextCharacters(beginnings: readonly Beginning[], matched: readonly number[]): ReadonlySet<string> {
  const following = matched.map((at) => nextOf(beginnings, at)?.token ?? STAR);
  return new Set([...following.filter((token) => token !== STAR), ANY_OTHER]);
}

function afterCharacter(
  beginnings: readonly Beginning[],
  matched: readonly number[],
  character: string,
): readonly number[] {
  const next = new Set<number>();
  for (const at of matched) {
    if (beginnings[at]?.token === STAR) {
      next.add(at);
    }
    if (nextOf(beginnings, at)?.token === character) {
      next.add(at + 1);
    }
  }
  return withStars(beginnings, [...next]);
}

/** Adds the stars that come next: a star matches nothing, too. */
function withStars(beginnings: readonly Beginning[], matched: readonly number[]): readonly number[] {
  const stars = matched.filter((at) => nextOf(beginnings, at)?.token === STAR).map((at) => at + 1);
  return [...new Set([...matched, ...stars])].sort((a, b) => a - b);
}

function nextOf(beginnings: readonly Beginning[], at: number): Beginning | undefined {
  const following = beginnings[at + 1];
  return following?.isFirst ? undefined : following;
}
