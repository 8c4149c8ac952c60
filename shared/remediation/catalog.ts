import type { JsonObject } from "../event/json.ts";
import { RESTART_STOPPED_TRAIL, STOPPED_TRAIL_PATTERN } from "./restart-stopped-trail.ts";

/** A remediation: a rule and the function that is its target. */
export interface Remediation {
  /** Name of the rule and of the function's file in `functions/remediate`. */
  readonly name: string;
  readonly description: string;
  /** The rule's event pattern. */
  readonly eventPattern: JsonObject;
  /**
   * Loads the function's `handler`, the one that Lambda runs: it takes an EventBridge event. Loaded when asked for,
   * since it brings SDK clients with it.
   */
  readonly loadHandler: () => Promise<(event: unknown) => Promise<unknown>>;
}

/** Every remediation that OpenTrail comes with. */
export const REMEDIATIONS: readonly Remediation[] = [
  {
    name: RESTART_STOPPED_TRAIL,
    description: "Starts a trail's logging again when somebody stops it.",
    eventPattern: STOPPED_TRAIL_PATTERN,
    loadHandler: async () => (await import("../../functions/remediate/restart-stopped-trail.ts")).handler,
  },
];
