import { isJsonObject, type JsonObject } from "../event/json.ts";
import { compilePattern } from "../pattern/compile-pattern.ts";
import { createRuleMatcher } from "../pattern/match-event.ts";
import type { Rule } from "./rule.ts";

/** Read-only calls that every enabled rule gets although their names begin with Get. */
const ALWAYS_SENT: ReadonlySet<unknown> = new Set(["GetFederationToken", "GetSessionToken"]);

const READ_ONLY_NAME = /^(?:List|Get|Describe)/;

/**
 * Compiles rules to a function that tells which of them an event invokes. Disabled rules get nothing, and
 * management events of calls whose names begin with List, Get or Describe go only to rules in the state
 * `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @throws InvalidEventPattern if a rule's pattern is none
 */
export function rulesForEvent(rules: readonly Rule[]): (event: JsonObject) => readonly Rule[] {
  const matching = createRuleMatcher(
    rules
      .filter(({ state }) => state !== "DISABLED")
      .map((rule) => ({ rule, pattern: compilePattern(rule.eventPattern) })),
  );
  return (event) => {
    const isReadOnly = isReadOnlyCall(event);
    return matching(event)
      .map(({ rule }) => rule)
      .filter(({ state }) => !isReadOnly || state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS");
  };
}

function isReadOnlyCall({ "detail-type": detailType, detail }: JsonObject): boolean {
  if (detailType !== "AWS API Call via CloudTrail" || !isJsonObject(detail)) {
    return false;
  }
  const { eventName, eventCategory } = detail;
  return (
    eventCategory !== "Data" &&
    typeof eventName === "string" &&
    READ_ONLY_NAME.test(eventName) &&
    !ALWAYS_SENT.has(eventName)
  );
}
