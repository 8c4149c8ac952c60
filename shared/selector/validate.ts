import type { AdvancedEventSelector, EventSelection } from "./event-selection.ts";
import { invalidEventSelectors } from "./invalid-event-selectors.ts";
import { requireAdvancedSelectors } from "./validate-advanced.ts";
import { type EventSelectorInput, readBasicSelectors } from "./validate-basic.ts";

/** What PutEventSelectors says of a trail's selectors. */
export interface EventSelectorsInput {
  readonly EventSelectors?: readonly EventSelectorInput[];
  readonly AdvancedEventSelectors?: readonly AdvancedEventSelector[];
}

/**
 * Checks the selectors of a PutEventSelectors call, with defaults filled in. A list that is empty counts as absent.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 * @throws AwsError InvalidEventSelectorsException
 */
export function readEventSelection(input: EventSelectorsInput): EventSelection {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = input;
  if (EventSelectors.length > 0 && AdvancedEventSelectors.length > 0) {
    throw invalidEventSelectors(
      "You can specify either EventSelectors or AdvancedEventSelectors for a trail, but not both.",
    );
  }
  if (AdvancedEventSelectors.length > 0) {
    requireAdvancedSelectors(AdvancedEventSelectors);
    return { kind: "advanced", selectors: AdvancedEventSelectors };
  }
  if (EventSelectors.length === 0) {
    throw invalidEventSelectors("Specify EventSelectors or AdvancedEventSelectors for your trail.");
  }
  return { kind: "basic", selectors: readBasicSelectors(EventSelectors) };
}
