import type { RecordKind } from "../event/record.ts";

/**
 * The values of `eventCategory` under which an advanced selector takes records of a kind: any one will do.
 *
 * - Events of applications (PutAuditEvents) are `ActivityAuditLog`, and are taken with management events too.
 * - Insights and aggregated events tell of management and data events. They are taken by every selection that
 *   takes some of either, whatever its other conditions are: to whom they come at all is decided where they are made
 *   (on AWS by a trail's Insights selectors and aggregation configuration).
 */
export const CATEGORIES_OF_KIND: Readonly<Record<RecordKind, readonly string[]>> = {
  management: ["Management"],
  data: ["Data"],
  "network-activity": ["NetworkActivity"],
  activity: ["ActivityAuditLog", "Management"],
  insight: ["Management", "Data"],
  aggregated: ["Management", "Data"],
};

/** Whether records of a kind tell of other events: then only the category of a selector counts. */
export function isDerivedKind(kind: RecordKind): boolean {
  return kind === "insight" || kind === "aggregated";
}
