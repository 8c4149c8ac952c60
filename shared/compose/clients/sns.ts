import { SNSClient } from "@aws-sdk/client-sns";
import { snsTopics } from "../../adapters/aws/topics.ts";
import type { Topics } from "../../ports/topics.ts";
import { clientsByRegion } from "./settings.ts";

/**
 * A topic that does not answer must not keep log files waiting: it is given up sooner than other calls, well within a
 * file's lease.
 */
const TOPIC_LIMITS = { requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000 }, maxAttempts: 2 };

/** Trails' topics, each in its own region. */
export function composeTopics(): Topics {
  return snsTopics(clientsByRegion((region) => new SNSClient({ ...TOPIC_LIMITS, ...region })));
}
