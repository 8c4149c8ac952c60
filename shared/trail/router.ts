import type { ActivityRecord } from "../event/record.ts";
import { compileSelection, type RecordMatcher } from "../selector/compile.ts";
import { destinationOf } from "./destination.ts";
import { isGlobalServiceEvent } from "./global-service-event.ts";
import type { Trail, TrailDestination, TrailState } from "./trail.ts";

/** Decides which trails of an account want a record, as the trails were at one moment. */
export interface Router {
  /** Where the trails that were logging deliver to. Their positions here are their numbers. */
  readonly destinations: readonly TrailDestination[];
  /** The numbers of the trails that want a record, ascending. The array may be shared: it is not to be changed. */
  route(record: ActivityRecord): readonly number[];
}

interface Candidate {
  readonly wants: RecordMatcher;
  readonly alone: readonly [number];
}

const NONE: readonly number[] = [];

/**
 * Compiles the trails of an account to a router. Trails that are not logging take nothing. What one record costs
 * grows with the trails of its region, not with those of the account; it allocates only if several trails want it.
 */
export function compileRouter({ trails }: TrailState): Router {
  const logging = trails.filter((trail) => trail.isLogging);
  const candidates = logging.map(candidateOf);
  const inRegion = (region: string | undefined) =>
    candidates.filter((_, number) => {
      const trail = logging[number];
      return trail?.isMultiRegionTrail || trail?.homeRegion === region;
    });
  const elsewhere = inRegion(undefined);
  const byRegion = new Map(logging.map(({ homeRegion }) => [homeRegion, inRegion(homeRegion)]));
  return {
    destinations: logging.map(destinationOf),
    route(record) {
      let first: Candidate | undefined;
      let several: number[] | undefined;
      for (const candidate of byRegion.get(record.awsRegion) ?? elsewhere) {
        if (!candidate.wants(record)) continue;
        if (first === undefined) {
          first = candidate;
        } else {
          several ??= [first.alone[0]];
          several.push(candidate.alone[0]);
        }
      }
      return several ?? first?.alone ?? NONE;
    },
  };
}

function candidateOf(trail: Trail, number: number): Candidate {
  const takes = compileSelection(trail.selection);
  const wants: RecordMatcher =
    trail.isMultiRegionTrail || trail.includeGlobalServiceEvents
      ? takes
      : (record) => takes(record) && !isGlobalServiceEvent(record);
  return { wants, alone: [number] };
}
