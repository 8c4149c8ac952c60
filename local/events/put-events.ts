import { randomUUID } from "node:crypto";
import type { Caller } from "../../shared/api/http.ts";
import type { EntryFailure, EventEntry } from "../../shared/ports/event-bus.ts";
import { DEFAULT_BUS, type EventsCall, type EventsOperation, eventsArn, invalid } from "./call.ts";
import type { EventsInputs } from "./model.ts";

type PutEvents = EventsCall<EventsInputs["PutEvents"]>;
type Entry = PutEvents["input"]["Entries"][number];

const MOST_BYTES = 256 * 1024;
/** What a time counts. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const TIME_BYTES = 14;

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const putEvents: EventsOperation<"PutEvents"> = async (call) => {
  const { Entries: entries } = call.input;
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MOST_BYTES) {
    throw invalid("Total size of the entries in the request is over the limit.");
  }

  const failures = entries.map((entry) => failureOf(call.caller, entry));
  const good = entries.filter((_, index) => failures[index] === undefined);
  const ids = good.map(() => randomUUID());
  await call.bus.putEvents(
    good.map((entry) => eventEntry(call, entry)),
    ids,
  );
  const rest = [...ids];
  return {
    FailedEntryCount: entries.length - good.length,
    Entries: failures.map((failure) =>
      failure === undefined
        ? { EventId: rest.shift() }
        : { ErrorCode: failure.errorCode, ErrorMessage: failure.errorMessage },
    ),
  };
};

function sizeOf({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Time === undefined ? bytes : bytes + TIME_BYTES;
}

function eventEntry({ caller, clock }: PutEvents, entry: Entry): EventEntry {
  const { Time, Source = "", DetailType = "", Detail = "", Resources } = entry;
  return {
    source: Source,
    detailType: DetailType,
    detail: Detail,
    time: Time === undefined ? clock.now() : Time * 1000,
    accountId: caller.accountId,
    region: caller.region,
    ...(Resources !== undefined && { resources: Resources }),
  };
}

/** Why the entry is not taken, in AWS's words where they are known. */
function failureOf(caller: Caller, entry: Entry): EntryFailure | undefined {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (entry[name] === undefined || entry[name] === "") {
      return {
        errorCode: "InvalidArgument",
        errorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
    }
  }
  if (entry.Source?.startsWith("aws.")) {
    return {
      errorCode: "NotAuthorizedForSourceException",
      errorMessage: "Not authorized for the source.",
    };
  }
  if (!isObjectText(entry.Detail ?? "")) {
    return { errorCode: "MalformedDetail", errorMessage: "Detail is malformed." };
  }
  if (entry.Time !== undefined && Math.abs(entry.Time) > LATEST_SECOND) {
    return { errorCode: "InvalidArgument", errorMessage: "Parameter Time is not valid." };
  }
  const { EventBusName: bus = DEFAULT_BUS } = entry;
  return bus === DEFAULT_BUS || bus === eventsArn(caller, `event-bus/${DEFAULT_BUS}`)
    ? undefined
    : { errorCode: "ResourceNotFoundException", errorMessage: `Event bus ${bus} does not exist.` };
}

/** The last second that a date in ISO 8601 with four digits for the year can name. */
const LATEST_SECOND = 253_402_300_799;

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
