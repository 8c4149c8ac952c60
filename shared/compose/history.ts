import { dynamoOrderedStore } from "../adapters/aws/ordered-store.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { History } from "../history/history.ts";
import type { HistoryScope } from "../history/history-category.ts";
import { dynamo } from "./clients/dynamodb.ts";
import type { Environment } from "./environment.ts";

/**
 * The event history, which other functions use at the same time.
 * @param pageBytes of the records of a found page, at most
 * @throws InvalidEnvironment
 */
export function openHistory(env: Environment, pageBytes?: number): History {
  const store = dynamoOrderedStore(dynamo(), systemClock, env.text("OPENTRAIL_HISTORY_TABLE"));
  const days = env.integer("OPENTRAIL_HISTORY_RETENTION_DAYS", 1, 36_500, 90);
  return new History(store, systemClock, {
    retention: days * 86_400_000,
    isExclusive: false,
    ...(pageBytes !== undefined && { pageBytes }),
  });
}

/** What of the records the event history takes. @throws InvalidEnvironment */
export function historyScope(env: Environment): HistoryScope {
  return { dataEvents: env.flag("OPENTRAIL_HISTORY_DATA_EVENTS", false) };
}
