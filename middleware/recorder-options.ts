import { type ChannelIdentity, parseChannelArn } from "../shared/channel/channel.ts";
import type { AuditCredentials } from "./credentials.ts";
import { type EventShape, LONGEST_PARAMETERS } from "./event-data.ts";
import { httpSender, type SendAuditEvents } from "./put-audit-events.ts";
import { redactionPathTest } from "./redaction-paths.ts";
import { SECRET_NAMES, secretNameTest } from "./secret-names.ts";

/**
 * Why an event is not sent: there was no room for it; the service will not take it; it was not sent within `maxAgeMs`;
 * the recorder was closed; or the call that it was to be made of lacks what each event needs.
 */
export type DropReason = "buffer-full" | "rejected" | "expired" | "closed" | "invalid";

/** Events that are not sent, so that somebody may keep them elsewhere. */
export interface DroppedEvents {
  readonly reason: DropReason;
  readonly count: number;
  /** The `eventData` of each, as JSON text, redacted. Empty for `invalid`. */
  readonly events: readonly string[];
  /** What the service or the check said. */
  readonly message?: string;
}

/** Values that are not recorded, besides those of SECRET_NAMES. */
export interface RedactionOptions {
  /** More names, as in SECRET_NAMES. */
  readonly names?: readonly string[];
  /** Whole names that are recorded although SECRET_NAMES has them: `nextToken`. */
  readonly except?: readonly string[];
  /** `requestParameters.body.note`; `*` is any name; a list of names where a name has dots. */
  readonly paths?: readonly (string | readonly string[])[];
}

/** How events are shaped, kept and sent. Times are in milliseconds. */
export interface RecorderOptions {
  /** The channel's ARN; `OPENTRAIL_CHANNEL_ARN` if absent. */
  readonly channelArn?: string;
  /** Where a channel of another account asks for one. */
  readonly externalId?: string;
  /** `AWS_ENDPOINT_URL_CLOUDTRAIL_DATA`, else `AWS_ENDPOINT_URL`, else AWS's own of the channel's region. */
  readonly endpoint?: string;
  /** `OPENTRAIL_ACCESS_KEY_ID`… if absent, or else Lambda's variables `AWS_ACCESS_KEY_ID`…; without any, calls are not signed. */
  readonly credentials?: AuditCredentials;
  /** Makes the call in place of the client that is built in. */
  readonly send?: SendAuditEvents;
  /** Sends as soon as so many events wait: 1 to 100, by default 100. */
  readonly flushEvents?: number;
  /** Sends after this time, however few events wait: 1,000. */
  readonly flushIntervalMs?: number;
  /** The longest that the end of an invocation waits for events to be sent: 250. With 0 it does not wait or send. */
  readonly flushTimeoutMs?: number;
  /** After which a call that is not answered is given up and made again: 5,000. */
  readonly requestTimeoutMs?: number;
  /** Events that wait at most; those that come when there are so many are dropped: 1,000. */
  readonly maxBufferedEvents?: number;
  /** Bytes of the events that wait, at most: 4 MiB. */
  readonly maxBufferedBytes?: number;
  /** An event that could not be sent for so long is dropped: an hour. */
  readonly maxAgeMs?: number;
  /** Bytes of requestParameters and of responseElements, each; more is cut: 16 KiB, and 100 KiB at most. */
  readonly maxParameterBytes?: number;
  readonly redact?: RedactionOptions;
  /** Sends what waits at SIGTERM: on Lambda, by default. */
  readonly flushOnShutdown?: boolean;
  /** Told of events that are dropped. What it throws is ignored. */
  readonly onDropped?: (dropped: DroppedEvents) => void;
  /** Told of failed calls and of extractors that threw. What it throws is ignored. */
  readonly onError?: (error: unknown) => void;
}

/** The options with defaults in place and checked. */
export interface RecorderSettings {
  readonly channelArn: string;
  readonly externalId: string | undefined;
  readonly send: SendAuditEvents;
  readonly shape: EventShape;
  readonly flushEvents: number;
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxBufferedEvents: number;
  readonly maxBufferedBytes: number;
  readonly maxAgeMs: number;
  readonly flushOnShutdown: boolean;
}

/** What Node's timers can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * @param env where options that are absent are looked for
 * @throws TypeError if there is no channel's ARN, or a name or path to redact is none; RangeError if a number is out of
 *   its range
 */
export function recorderSettings(options: RecorderOptions, env: NodeJS.ProcessEnv): RecorderSettings {
  const channelArn = options.channelArn ?? env.OPENTRAIL_CHANNEL_ARN;
  const channel = channelOf(channelArn);
  const { names = [], except, paths = [] } = options.redact ?? {};
  const endpoint = options.endpoint ?? env.AWS_ENDPOINT_URL_CLOUDTRAIL_DATA ?? env.AWS_ENDPOINT_URL;
  return {
    channelArn: channelArn ?? "",
    externalId: options.externalId,
    send: options.send ?? httpSender(channel, endpoint, options.credentials),
    shape: {
      redaction: {
        hidesName: secretNameTest([...SECRET_NAMES, ...names], except),
        hidesPath: redactionPathTest(paths),
      },
      maxParameterBytes: inRange(options, "maxParameterBytes", 16 * 1024, 64, LONGEST_PARAMETERS),
    },
    flushEvents: inRange(options, "flushEvents", 100, 1, 100),
    flushIntervalMs: inRange(options, "flushIntervalMs", 1_000, 1, LONGEST_MS),
    flushTimeoutMs: inRange(options, "flushTimeoutMs", 250, 0, LONGEST_MS),
    requestTimeoutMs: inRange(options, "requestTimeoutMs", 5_000, 1, LONGEST_MS),
    maxBufferedEvents: inRange(options, "maxBufferedEvents", 1_000, 1, 1_000_000),
    maxBufferedBytes: inRange(options, "maxBufferedBytes", 4 * 1024 * 1024, 1, 2 ** 30),
    maxAgeMs: inRange(options, "maxAgeMs", 3_600_000, 1, LONGEST_MS),
    flushOnShutdown: options.flushOnShutdown ?? env.AWS_LAMBDA_FUNCTION_NAME !== undefined,
  };
}

function channelOf(arn: string | undefined): ChannelIdentity {
  const channel = arn === undefined ? undefined : parseChannelArn(arn);
  if (channel === undefined) {
    throw new TypeError(
      arn
        ? `channelArn must be the ARN of a channel: ${arn}`
        : "channelArn, or OPENTRAIL_CHANNEL_ARN, must be the ARN of a channel.",
    );
  }
  return channel;
}

type NumberOption = {
  [Name in keyof RecorderOptions]-?: RecorderOptions[Name] extends number | undefined ? Name : never;
}[keyof RecorderOptions];

function inRange(
  options: RecorderOptions,
  name: NumberOption,
  fallback: number,
  least: number,
  most: number,
): number {
  const value = options[name] ?? fallback;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, and is ${value}.`);
  }
  return value;
}
