import { expect, it } from "vitest";
import { compilePattern } from "../../../shared/pattern/compile-pattern.ts";
import { InvalidEvent } from "../../../shared/pattern/event-fields.ts";
import { InvalidEventPattern } from "../../../shared/pattern/invalid-event-pattern.ts";
import type { PatternLimits } from "../../../shared/pattern/limits.ts";
import { matchesEvent } from "../../../shared/pattern/match-event.ts";
import { testEventPattern } from "../../../shared/pattern/test-event-pattern.ts";
import { corpusLines, describeWithCorpus } from "../../support/corpus.ts";
import { type PatternCase, patternCases } from "./pattern-cases.ts";

const NO_LIMITS: PatternLimits = {
  characters: Number.POSITIVE_INFINITY,
  combinations: Number.POSITIVE_INFINITY,
  wildcardComplexity: Number.POSITIVE_INFINITY,
};

/** The answer, in the cases' words; anything thrown that is not a named refusal fails the test. */
function answer(ask: () => boolean | "valid"): boolean | "valid" | "error" {
  try {
    return ask();
  } catch (error) {
    if (error instanceof InvalidEventPattern || error instanceof InvalidEvent) {
      return "error";
    }
    throw error;
  }
}

/** What event-ruler was asked: it knows neither the service's limits nor what an event on a bus must have. */
function answerOfEngine({ pattern, event }: PatternCase): boolean | "valid" {
  const compiled = compilePattern(pattern, NO_LIMITS);
  return event === undefined ? "valid" : matchesEvent(compiled, event);
}

/** The first line of the message; the second names the place. */
function reasonFor(pattern: string): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof InvalidEventPattern ? error.message.split("\n")[0] : undefined;
  }
}

function expectAnswers(cases: readonly PatternCase[], ask: (one: PatternCase) => boolean | "valid"): void {
  const answers = cases.map((one) => ({ ...one, answered: answer(() => ask(one)) }));

  expect(answers.filter((one) => one.answered !== one.expected)).toEqual([]);
  expect(answers.length).toBeGreaterThan(0);
}

describeWithCorpus("the answers of the engines that EventBridge rules run on", () => {
  it("are given where AWS itself was asked through TestEventPattern", () => {
    const cases = patternCases("localstack.jsonl");

    expectAnswers(cases, ({ pattern, event = "" }) => testEventPattern(pattern, event));
  });

  it("are given where event-ruler was asked to match", () => {
    const cases = patternCases("event-ruler.jsonl.gz");

    expectAnswers(cases, answerOfEngine);
  });

  it("are given with parsed events, too", () => {
    const cases = patternCases("event-ruler.jsonl.gz").filter((one) => one.event !== undefined);

    expectAnswers(cases, ({ pattern, event = "" }) =>
      matchesEvent(compilePattern(pattern, NO_LIMITS), JSON.parse(event)),
    );
  });

  it("are given where event-ruler was asked to compile", () => {
    const cases = patternCases("event-ruler-valid-patterns.jsonl");

    expectAnswers(cases, answerOfEngine);
  });

  it("come with the reason that AWS gives", () => {
    const cases = patternCases("localstack.jsonl").filter((one) => one.reason !== undefined);

    const reasons = cases.map(({ pattern }) => reasonFor(pattern));

    expect(reasons).toEqual(cases.map((one) => one.reason));
    expect(cases.length).toBeGreaterThan(0);
  });
});

describeWithCorpus("rules that people run on CloudTrail events", () => {
  it("compile within EventBridge's limits", () => {
    const rules = corpusLines("detections", "easttimor-eventbridge-rules.jsonl").map((line) =>
      JSON.parse(line),
    );

    const patterns = rules.map((rule) => compilePattern(JSON.stringify(rule.pattern)));

    expect(patterns.length).toBeGreaterThanOrEqual(25);
    expect(patterns.every((pattern) => pattern.combinations.length > 0)).toBe(true);
  });
});
