import { SNSClient } from "@aws-sdk/client-sns";
import { snsTopics } from "../../adapters/aws/topics.ts";
import type { Topics } from "../../ports/topics.ts";
import { clientsByRegion } from "./settings.ts";

/**
 * A topic that does not answer must not keep log files waiting: it is given up sooner than other calls, well within a
 * file's lease. Throttling, lost connections and faults of SNS are tried three times; delivery does not try them again.
 */
const TOPIC_LIMITS = { requestHandler: { connectionTimeout: 3_000, requestTimeout: 3_000 }, maxAttempts: 3 };

/** Trails' topics, each in its own region. */
export function composeTopics(): Topics {
  return snsTopics(clientsByRegion((region) => new SNSClient({ ...TOPIC_LIMITS, ...region })));
}
