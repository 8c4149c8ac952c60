import { type ActivityEvents, makeActivityEvents } from "../ingest/activity-events.ts";
import { DEFAULT_BUS_PATTERN } from "../ingest/default-bus-pattern.ts";
import { ownCallTest } from "../ingest/own-call.ts";
import type { Metrics } from "../ports/metrics.ts";
import { composeBlocks } from "./blocks.ts";
import { HERE, type Home } from "./clients/settings.ts";
import { type Environment, InvalidEnvironment } from "./environment.ts";
import { composeIngest, ownArns } from "./ingest.ts";

/** For `functions/ingest/activity-events`. @throws InvalidEnvironment */
export function composeActivityEvents(env: Environment, metrics: Metrics): ActivityEvents {
  return composeActivityEventsAt(HERE, env, metrics);
}

/** The same, with another home. @throws InvalidEnvironment */
export function composeActivityEventsAt(home: Home, env: Environment, metrics: Metrics): ActivityEvents {
  if (env.optional("OPENTRAIL_DEFAULT_BUS") === "destination") {
    throw new InvalidEnvironment(
      "OPENTRAIL_DEFAULT_BUS says destination: what is emitted there must not be taken in again",
    );
  }
  const own = ownArns(env);
  const isOwnCall = own === undefined ? () => false : ownCallTest(own);
  return makeActivityEvents({
    ingest: composeIngest(env, metrics, composeBlocks(env, home), home),
    metrics,
    isOwnCall,
    sourcePrefix: env.optional("OPENTRAIL_DEFAULT_BUS_SOURCE") ?? DEFAULT_BUS_PATTERN.source[0].prefix,
  });
}
