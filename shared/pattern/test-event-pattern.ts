import { compilePattern } from "./compile-pattern.ts";
import { InvalidEvent, readEvent } from "./event-fields.ts";
import { matchesEvent } from "./match-event.ts";

const MANDATORY = ["id", "detail-type", "source", "account", "time", "region"];

/**
 * What EventBridge's TestEventPattern answers.
 *
 * @param patternText the request's EventPattern
 * @param eventText the request's Event: an event with the fields that every event on a bus has (`resources`,
 *   which the API reference calls mandatory, is not asked for by AWS itself)
 * @throws InvalidEventPattern for which the API answers InvalidEventPatternException
 * @throws InvalidEvent for which the API answers ValidationException
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
 */
export function testEventPattern(patternText: string, eventText: string): boolean {
  const pattern = compilePattern(patternText);
  const names = new Set(readEvent(eventText).members.map((member) => member.name));
  const missing = MANDATORY.filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw new InvalidEvent(`The event has no ${missing.join(", ")}`);
  }
  return matchesEvent(pattern, eventText);
}
