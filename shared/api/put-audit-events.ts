import { parseChannelArn } from "../channel/channel.ts";
import { channelNotFound, channelWithArn } from "../channel/channels.ts";
import { allowsPutAuditEvents, policyKey, readPolicy } from "../channel/resource-policy.ts";
import { AwsError } from "../error/aws-error.ts";
import type { Ingest, Rejection } from "../ingest/ingest.ts";
import type { Clock } from "../ports/clock.ts";
import type { SettingStore } from "../ports/setting-store.ts";
import { type AuditChannel, type AuditEvent, auditEventId, auditRecord } from "./audit-event.ts";
import { errorResponse, jsonResponse, readJsonBody } from "./aws-json.ts";
import { decodeShape } from "./decode.ts";
import { commonError, toAwsError } from "./errors.ts";
import type { ApiRequest, Caller, Service } from "./http.ts";
import { CLOUDTRAIL_DATA_MODEL } from "./service-model.ts";
import { validationMessage, violationsOf } from "./validate.ts";

/** What PutAuditEvents works with. */
interface PutAuditEventsDependencies {
  readonly ingest: Ingest;
  /** Where channels and their policies are. */
  readonly settings: SettingStore;
  readonly clock: Clock;
  /** Told of what callers are not: the cause of an InternalFailure or ServiceUnavailable. */
  readonly reportFailure: (error: unknown) => void;
}

interface PutAuditEventsRequest {
  readonly channelArn: string;
  readonly externalId?: string;
  readonly auditEvents: readonly AuditEvent[];
}

interface PutAuditEventsResponse {
  readonly successful: readonly { readonly id: string; readonly eventID: string }[];
  readonly failed: readonly FailedEntry[];
}

interface FailedEntry {
  readonly id: string;
  readonly errorCode: string;
  readonly errorMessage: string;
}

const JSON_TYPE = "application/json";

/**
 * PutAuditEvents, REST JSON: `POST /PutAuditEvents?channelArn=…&externalId=…` with up to 100 events in at most 1 MB.
 * Each good entry becomes an `ActivityAuditLog` record of the channel's account and region; the others are named in the
 * answer's `failed`. Callers of other accounts need the channel's policy, and the external id that it asks for.
 * https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
export function makePutAuditEvents(dependencies: PutAuditEventsDependencies): Service {
  return async (request, caller) => {
    try {
      const input = readInput(request);
      const channel = await channelOf(input, caller, dependencies);
      requireDistinctIds(input.auditEvents);
      return jsonResponse(await put(input.auditEvents, channel, dependencies), caller.requestId, JSON_TYPE);
    } catch (thrown) {
      const error = toAwsError(thrown);
      if (error.cause !== undefined && error.code !== "SerializationException") {
        dependencies.reportFailure(error.cause);
      }
      const { headers, ...response } = errorResponse(error, caller.requestId);
      return {
        ...response,
        headers: { ...headers, "content-type": JSON_TYPE, "x-amzn-errortype": error.code },
      };
    }
  };
}

function readInput(request: ApiRequest): PutAuditEventsRequest {
  const { input: shape } = CLOUDTRAIL_DATA_MODEL.operations.PutAuditEvents ?? { input: "" };
  const { auditEvents } = readJsonBody(request.body);
  const given = {
    auditEvents,
    channelArn: request.query.get("channelArn") ?? undefined,
    externalId: request.query.get("externalId") ?? undefined,
  };
  const input = decodeShape(CLOUDTRAIL_DATA_MODEL, shape, given) as unknown as PutAuditEventsRequest;
  const violations = violationsOf(CLOUDTRAIL_DATA_MODEL, shape, { ...input } as never);
  if (violations.some(({ member }) => member === "channelArn")) throw invalidChannel(given.channelArn);
  if (violations.length > 0) throw commonError("ValidationException", validationMessage(violations));
  return input;
}

async function channelOf(
  { channelArn: arn, externalId }: PutAuditEventsRequest,
  caller: Caller,
  { settings, clock }: PutAuditEventsDependencies,
): Promise<AuditChannel> {
  const identity = parseChannelArn(arn);
  if (!identity) throw invalidChannel(arn);
  const channel = await channelWithArn({ settings, clock }, arn);
  if (identity.accountId !== caller.accountId) {
    const policy = channel && (await settings.read(policyKey(arn)));
    // A channel that is not there is answered alike: who may not use it may not learn of it.
    if (policy === undefined || !allowsPutAuditEvents(readPolicy(policy, arn), caller, externalId)) {
      throw new AwsError(
        "ChannelInsufficientPermission",
        "The caller's account ID must be the same as the channel owner's account ID.",
      );
    }
  }
  if (!channel) throw new AwsError("ChannelNotFound", channelNotFound(arn).message);
  return { arn, ...identity, ingestionTime: clock.now() };
}

function invalidChannel(arn: string | undefined): AwsError {
  return new AwsError("InvalidChannelARN", `The channel ARN ${arn ?? ""} is not valid.`.replace("  ", " "));
}

function requireDistinctIds(events: readonly AuditEvent[]): void {
  const ids = new Set<string>();
  for (const { id } of events) {
    if (ids.has(id)) {
      throw new AwsError(
        "DuplicatedAuditEventId",
        `Two or more entries in the request have the event ID ${id}.`,
      );
    }
    ids.add(id);
  }
}

async function put(
  events: readonly AuditEvent[],
  channel: AuditChannel,
  { ingest }: PutAuditEventsDependencies,
): Promise<PutAuditEventsResponse> {
  const failed = new Map<string, FailedEntry>();
  const records: { readonly id: string; readonly text: Buffer }[] = [];
  for (const event of events) {
    try {
      records.push({ id: event.id, text: auditRecord(event, channel) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.set(event.id, failedEntry(event.id, error.code, error.message));
    }
  }
  if (records.length > 0) {
    for (const { index, code, message } of await ingested(records, channel.accountId, ingest)) {
      const id = records[index]?.id ?? "";
      failed.set(id, failedEntry(id, code, message));
    }
  }
  return {
    successful: events
      .filter(({ id }) => !failed.has(id))
      .map((event) => ({ id: event.id, eventID: auditEventId(event, channel) })),
    failed: events.flatMap(({ id }) => failed.get(id) ?? []),
  };
}

async function ingested(
  records: readonly { readonly text: Buffer }[],
  accountId: string,
  ingest: Ingest,
): Promise<readonly Rejection[]> {
  try {
    const texts = records.map(({ text }) => text);
    return (await ingest({ accountId, origin: "api", records: texts, mayImport: false })).rejected;
  } catch (error) {
    throw commonError("ServiceUnavailable", "The events could not be made durable.", { cause: error });
  }
}

function failedEntry(id: string, errorCode: string, errorMessage: string): FailedEntry {
  return { id, errorCode, errorMessage: errorMessage.slice(0, 1024) };
}
