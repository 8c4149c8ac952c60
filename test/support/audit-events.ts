import { AuditRecorder } from "../../middleware/audit-recorder.ts";
import type { PutAuditEventsInput, SendAuditEvents } from "../../middleware/put-audit-events.ts";
import type { DroppedEvents, RecorderOptions } from "../../middleware/recorder-options.ts";

export const CHANNEL_ARN = "arn:aws:cloudtrail:us-east-1:111122223333:channel/example-channel";

export const CALL = {
  eventSource: "shop.example.com",
  eventName: "RefundOrder",
  userIdentity: { type: "Customer", principalId: "ana" },
};

/** Takes every event, as PutAuditEvents does. */
export const takeAll: SendAuditEvents = async ({ auditEvents }) => ({
  successful: auditEvents.map(({ id }) => ({ id })),
  failed: [],
});

/** A recorder whose calls are kept and answered by `send`. */
export function testRecorder(options: RecorderOptions = {}, send: SendAuditEvents = takeAll) {
  const inputs: PutAuditEventsInput[] = [];
  const dropped: DroppedEvents[] = [];
  const errors: unknown[] = [];
  const recorder = new AuditRecorder({
    channelArn: CHANNEL_ARN,
    send: (input, init) => {
      inputs.push(input);
      return send(input, init);
    },
    onDropped: (drop) => dropped.push(drop),
    onError: (error) => errors.push(error),
    ...options,
  });
  return {
    recorder,
    inputs,
    dropped,
    errors,
    /** The eventData of every event of every call, parsed. */
    events: () =>
      inputs.flatMap(({ auditEvents }) => auditEvents.map(({ eventData }) => JSON.parse(eventData))),
  };
}
