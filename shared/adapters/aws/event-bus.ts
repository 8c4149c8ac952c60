import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { EventBus } from "../../ports/event-bus.ts";

/**
 * An EventBridge event bus. PutEvents stamps events with the account and region of the caller: those of an
 * entry are not sent, since the record in its detail has them.
 * @param eventBusName the bus's name or ARN
 */
export function eventBridgeBus(client: EventBridgeClient, eventBusName: string): EventBus {
  return {
    async putEvents(entries) {
      const { Entries: answers = [] } = await client.send(
        new PutEventsCommand({
          Entries: entries.map(({ source, detailType, detail, time }) => ({
            EventBusName: eventBusName,
            Source: source,
            DetailType: detailType,
            Detail: detail,
            Time: new Date(time),
            Resources: [],
          })),
        }),
      );
      return entries.map((_, index) => {
        const answer = answers[index];
        if (answer?.EventId !== undefined) return undefined;
        return {
          errorCode: answer?.ErrorCode ?? "NoAnswer",
          errorMessage: answer?.ErrorMessage ?? "EventBridge did not say what became of the entry",
        };
      });
    },
  };
}
