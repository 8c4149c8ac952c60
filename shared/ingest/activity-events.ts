import { isJsonObject } from "../event/json.ts";
import type { Metrics } from "../ports/metrics.ts";
import { type EnvelopedRecord, isEventBridgeEvent, readEvent, readEventText } from "./eventbridge-event.ts";
import type { Ingest, IngestReport } from "./ingest.ts";
import type { OwnCallTest } from "./own-call.ts";

/** A message whose body is the text of an EventBridge event. */
export interface EventMessage {
  readonly id: string;
  readonly body: Buffer;
}

/** What taking in activity events needs. */
export interface ActivityEventDependencies {
  readonly ingest: Ingest;
  readonly metrics: Metrics;
  /** Which calls are dropped where they come from EventBridge. */
  readonly isOwnCall: OwnCallTest;
  /** How the sources of events begin that are taken: `aws.`, unless an emulator refuses to be sent those. */
  readonly sourcePrefix: string;
}

/** The two ways in which activity events come to a function. */
export interface ActivityEvents {
  /**
   * Takes in a batch of messages. Answers, by id, those whose record was not taken, and why: for good (no event of
   * CloudTrail, a record that is refused) or not (the topic does not answer). Never rejects.
   */
  takeMessages(messages: readonly EventMessage[]): Promise<ReadonlyMap<string, Error>>;
  /**
   * Takes in what the function was invoked with: an EventBridge event, an array of records, or `{"Records":[…]}`.
   * @param accountId whose trails records are for that came without an event
   * @throws Error if the payload is none of these, or the record of an EventBridge event was not taken
   */
  takePayload(payload: unknown, accountId: string): Promise<IngestReport>;
}

interface Arrival extends EnvelopedRecord {
  readonly id: string;
}

interface EventsReport {
  readonly failed: ReadonlyMap<string, Error>;
  /** How many records were of the stack's own calls. */
  readonly dropped: number;
}

/** Makes the use case *take in activity events*. Whoever may invoke the function may hand over any account's records. */
export function makeActivityEvents(dependencies: ActivityEventDependencies): ActivityEvents {
  const { ingest, metrics, isOwnCall, sourcePrefix } = dependencies;

  async function takeEvents(arrivals: readonly Arrival[]): Promise<EventsReport> {
    const wanted = arrivals.filter(({ fields }) => !isOwnCall(fields));
    const dropped = arrivals.length - wanted.length;
    metrics.count("OwnCallsDropped", dropped);
    const failed = new Map<string, Error>();
    for (const [account, ofAccount] of Map.groupBy(wanted, (arrival) => arrival.accountId)) {
      try {
        const { rejected } = await ingest({
          accountId: account,
          origin: "eventbridge",
          records: ofAccount.map(({ text }) => text),
          mayImport: true,
        });
        for (const { index, code, message } of rejected) {
          failed.set(ofAccount[index]?.id ?? "", new Error(`${code}: ${message}`));
        }
      } catch (error) {
        for (const { id } of ofAccount) failed.set(id, error as Error);
      }
    }
    return { failed, dropped };
  }

  return {
    async takeMessages(messages) {
      const unreadable = new Map<string, Error>();
      const arrivals: Arrival[] = [];
      for (const { id, body } of messages) {
        try {
          arrivals.push({ id, ...readEventText(body, sourcePrefix) });
        } catch (error) {
          unreadable.set(id, error as Error);
        }
      }
      const { failed } = await takeEvents(arrivals);
      return new Map([...unreadable, ...failed]);
    },

    async takePayload(payload, accountId) {
      if (isEventBridgeEvent(payload)) {
        const { failed, dropped } = await takeEvents([{ id: "event", ...readEvent(payload, sourcePrefix) }]);
        for (const error of failed.values()) throw error;
        return { accepted: 1 - dropped, rejected: [] };
      }
      const records = isJsonObject(payload) ? payload.Records : payload;
      if (!Array.isArray(records)) {
        throw new Error('The payload must be an EventBridge event, an array of records or {"Records":[…]}');
      }
      return ingest({
        accountId,
        origin: "api",
        records: records.map((record) => Buffer.from(JSON.stringify(record))),
        mayImport: true,
      });
    },
  };
}
