import { type ActivityRecord, describedEvent } from "../event/record.ts";
import { compileAdvanced } from "./compile-advanced.ts";
import { compileBasic } from "./compile-basic.ts";
import type { EventSelection } from "./event-selection.ts";

/** Whether a selection takes a record. */
export type RecordMatcher = (record: ActivityRecord) => boolean;

/**
 * Compiles a selection, once, to a matcher for every record. A record is taken when one selector takes it.
 *
 * Beside what AWS says of management, data and network activity events: events of applications are taken as
 * management events are (absent `readOnly` makes them writes) and by `eventCategory` ActivityAuditLog. Insights and
 * aggregated events are taken by each selection that takes management or data events, since what such a
 * record tells of is not in it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 */
export function compileSelection(selection: EventSelection): RecordMatcher {
  const tests =
    selection.kind === "basic" ? compileBasic(selection.selectors) : compileAdvanced(selection.selectors);
  // Only an application's event is described elsewhere than in the record itself: the others need no look.
  return ({ kind, fields }) => tests[kind](kind === "activity" ? describedEvent(fields) : fields);
}
