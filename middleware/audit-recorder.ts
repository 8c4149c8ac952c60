import { randomUUID } from "node:crypto";
import type { JsonValue } from "../shared/event/json.ts";
import { type AuditEntry, callLength, eventOf, MOST_EVENTS_A_CALL, makeEntry } from "./audit-entry.ts";
import type { AuditedCall } from "./audited-call.ts";
import { sleep, startDeadline, waitAtMost } from "./deadline.ts";
import { eventDataText } from "./event-data.ts";
import { onShutdown, SHUTDOWN_FLUSH_MS } from "./lambda-shutdown.ts";
import type { PutAuditEventsOutput } from "./put-audit-events.ts";
import {
  type DropReason,
  type RecorderOptions,
  type RecorderSettings,
  recorderSettings,
} from "./recorder-options.ts";
import { redactedCopy } from "./redacted-copy.ts";
import { LONGEST_RETRY_AFTER, passes, type SendFailure, sendFailureOf } from "./send-failure.ts";

/** What became of the calls that were recorded: recorded = sent + dropped + pending, at any time. */
export interface AuditCounts {
  readonly recorded: number;
  /** Taken by PutAuditEvents. */
  readonly sent: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** In the buffer, those of a call that is not answered yet included. */
  readonly pending: number;
}

/** Waits between failed calls, in milliseconds: doubled from call to call. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 30_000;

/** How long `close` tries, if not told. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Records calls of an application's own API as activity events, and sends them to PutAuditEvents in batches, one call
 * at a time. Nothing of it surfaces to who records: failures go to `onError`, and events that cannot be kept or sent
 * to `onDropped`. An event whose call was not answered is sent again with the same id: it may be in a trail's log
 * files twice, with the same eventID, and is in the event history once.
 */
export class AuditRecorder {
  readonly #settings: RecorderSettings;
  readonly #hooks: Pick<RecorderOptions, "onDropped" | "onError">;
  readonly #forgetShutdown: () => void;
  readonly #closing = new AbortController();
  #queue: AuditEntry[] = [];
  /** What the call under way holds. */
  #underWay: readonly AuditEntry[] = [];
  #bufferedBytes = 0;
  #recorded = 0;
  #sent = 0;
  readonly #dropped = { "buffer-full": 0, rejected: 0, expired: 0, closed: 0, invalid: 0 };
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Failed calls since the last one that was answered well. */
  #failures = 0;
  /** No call before this time, in milliseconds since the epoch. */
  #notBefore = 0;
  #mostEvents = MOST_EVENTS_A_CALL;
  #closed = false;

  /** @throws TypeError, RangeError if an option is not what it must be */
  constructor(options: RecorderOptions = {}) {
    this.#settings = recorderSettings(options, process.env);
    this.#hooks = options;
    this.#forgetShutdown = this.#settings.flushOnShutdown
      ? onShutdown(() => {
          this.#notBefore = 0;
          return this.flush(SHUTDOWN_FLUSH_MS);
        })
      : () => undefined;
  }

  get counts(): AuditCounts {
    return {
      recorded: this.#recorded,
      sent: this.#sent,
      dropped: { ...this.#dropped },
      pending: this.#pending,
    };
  }

  /** The longest that the end of an invocation waits, in milliseconds. */
  get flushTimeoutMs(): number {
    return this.#settings.flushTimeoutMs;
  }

  get #pending(): number {
    return this.#queue.length + this.#underWay.length;
  }

  /** Records a call. Never throws, and never waits. */
  record(call: AuditedCall): void {
    this.#recorded += 1;
    const entry = this.#entryOf(call);
    if (entry === undefined) return;
    if (this.#closed) {
      this.#drop("closed", [entry]);
      return;
    }
    const { maxBufferedEvents, maxBufferedBytes, flushEvents, flushIntervalMs } = this.#settings;
    if (this.#pending >= maxBufferedEvents || this.#bufferedBytes + entry.bytes > maxBufferedBytes) {
      this.#drop("buffer-full", [entry]);
      return;
    }
    this.#queue.push(entry);
    this.#bufferedBytes += entry.bytes;
    if (this.#queue.length >= flushEvents && this.#waitLeft() === 0) void this.#send();
    else this.#sendAfter(flushIntervalMs);
  }

  /**
   * Sends what waits, and waits for that no longer than `timeoutMs` (`flushTimeoutMs`, if absent). What is then not
   * sent stays, and is sent later. After a call that failed it does nothing until the next one is due. Never throws.
   * @returns whether nothing waits any more
   */
  async flush(timeoutMs: number = this.#settings.flushTimeoutMs): Promise<boolean> {
    if (timeoutMs > 0 && this.#pending > 0 && this.#waitLeft() === 0) {
      await waitAtMost(timeoutMs, this.#send());
    }
    return this.#pending === 0;
  }

  /**
   * Takes no more calls, and sends what waits, again and again if need be, for `timeoutMs` milliseconds. What is then
   * not sent is dropped. Never throws.
   */
  async close(timeoutMs: number = CLOSE_TIMEOUT_MS): Promise<void> {
    this.#closed = true;
    this.#forgetShutdown();
    const end = Date.now() + timeoutMs;
    while (this.#pending > 0 && Date.now() < end) {
      await this.flush(end - Date.now());
      const wait = Math.min(this.#notBefore, end) - Date.now();
      if (this.#pending > 0 && wait > 0) await sleep(wait);
    }
    clearTimeout(this.#timer);
    this.#closing.abort();
    await this.#sending;
    this.#drop(
      "closed",
      this.#removeWaiting(() => true),
    );
  }

  /** A copy of what will be a member of an event, without secrets, for calls that may change the original. Never throws. */
  copyOf(member: "requestParameters" | "responseElements", value: unknown): JsonValue | undefined {
    return redactedCopy(value, this.#settings.shape.redaction, [member]);
  }

  /** Tells `onError` of something that went wrong beside the call. Never throws. */
  report(error: unknown): void {
    callHook(this.#hooks.onError, error);
  }

  #entryOf(call: AuditedCall): AuditEntry | undefined {
    try {
      const id = randomUUID();
      return makeEntry(id, eventDataText(call, id, this.#settings.shape), Date.now());
    } catch (error) {
      this.#dropped.invalid += 1;
      this.report(error);
      callHook(this.#hooks.onDropped, { reason: "invalid", count: 1, events: [], message: String(error) });
      return undefined;
    }
  }

  #mayCall(): boolean {
    return this.#queue.length > 0 && this.#waitLeft() === 0 && !this.#closing.signal.aborted;
  }

  /** Milliseconds until a call may be made. A clock that was set back holds up nothing. */
  #waitLeft(): number {
    const left = this.#notBefore - Date.now();
    return left > LONGEST_RETRY_AFTER ? 0 : Math.max(left, 0);
  }

  /** Sends until nothing waits or a call has failed. Never rejects. */
  #send(): Promise<void> {
    if (this.#sending === undefined && this.#mayCall()) this.#sending = this.#sendAll();
    return this.#sending ?? Promise.resolve();
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    do {
      const entries = this.#queue.splice(0, callLength(this.#queue, this.#mostEvents));
      this.#underWay = entries;
      try {
        this.#settle(entries, await this.#call(entries));
      } catch (error) {
        this.#underWay = [];
        this.#queue.unshift(...entries);
        this.#fail(entries, error);
      }
    } while (this.#mayCall());
    this.#sending = undefined;
    if (this.#queue.length > 0 && !this.#closed) this.#sendAfter(0);
  }

  /** One call, given up after `requestTimeoutMs` and when the recorder is closed, whatever becomes of it then. */
  async #call(entries: readonly AuditEntry[]): Promise<PutAuditEventsOutput> {
    const { channelArn, externalId, send, requestTimeoutMs } = this.#settings;
    const timeout = new AbortController();
    const stop = startDeadline(requestTimeoutMs, () =>
      timeout.abort(new Error(`PutAuditEvents was not answered within ${requestTimeoutMs} ms.`)),
    );
    const signal = AbortSignal.any([timeout.signal, this.#closing.signal]);
    const auditEvents = entries.map(eventOf);
    const input = { channelArn, ...(externalId === undefined ? {} : { externalId }), auditEvents };
    try {
      return await Promise.race([send(input, { signal }), aborted(signal)]);
    } finally {
      stop();
    }
  }

  #settle(entries: readonly AuditEntry[], { successful = [], failed = [] }: PutAuditEventsOutput): void {
    const taken = new Set(successful.map(({ id }) => id));
    const refusals = new Map(failed.map((each) => [each.id, each]));
    const again: AuditEntry[] = [];
    this.#underWay = [];
    for (const entry of entries) {
      const refusal = refusals.get(entry.id);
      if (taken.has(entry.id)) {
        this.#sent += 1;
        this.#bufferedBytes -= entry.bytes;
      } else if (passes(refusal?.errorCode)) {
        again.push(entry);
      } else {
        this.#bufferedBytes -= entry.bytes;
        this.#drop("rejected", [entry], `${refusal?.errorCode}: ${refusal?.errorMessage ?? ""}`);
      }
    }
    if (again.length === 0) {
      this.#failures = 0;
      this.#mostEvents = MOST_EVENTS_A_CALL;
      return;
    }
    // Behind the others: what is refused for ever must not hold up what is not.
    this.#queue.push(...again);
    this.#failures += 1;
    this.#waitBeforeNext(0);
    this.report(new Error(`PutAuditEvents did not take ${again.length} of ${entries.length} events yet.`));
    this.#dropExpired();
  }

  #fail(entries: readonly AuditEntry[], error: unknown): void {
    if (this.#closing.signal.aborted) return;
    this.report(error);
    const failure = sendFailureOf(error);
    if (failure.refused) {
      this.#refuse(entries, error);
    } else {
      this.#failures += 1;
      if (!mayGoOnAtOnce(failure, this.#failures)) this.#waitBeforeNext(failure.retryAfterMs);
      this.#dropExpired();
    }
  }

  /** The service takes no such body: by halves it is found out which event it does not take. */
  #refuse(entries: readonly AuditEntry[], error: unknown): void {
    if (entries.length > 1) {
      this.#mostEvents = entries.length >> 1;
      return;
    }
    this.#drop(
      "rejected",
      this.#removeWaiting((entry) => entries.includes(entry)),
      String(error),
    );
  }

  #dropExpired(): void {
    const oldest = Date.now() - this.#settings.maxAgeMs;
    this.#drop(
      "expired",
      this.#removeWaiting(({ recordedAt }) => recordedAt <= oldest),
    );
  }

  #removeWaiting(isGone: (entry: AuditEntry) => boolean): readonly AuditEntry[] {
    const gone = this.#queue.filter(isGone);
    if (gone.length > 0) this.#queue = this.#queue.filter((entry) => !isGone(entry));
    this.#bufferedBytes -= gone.reduce((sum, { bytes }) => sum + bytes, 0);
    return gone;
  }

  #waitBeforeNext(leastMs: number): void {
    const doubled = Math.min(FIRST_WAIT * 2 ** (this.#failures - 1), LONGEST_WAIT);
    this.#notBefore = Date.now() + Math.ceil(Math.max(leastMs, doubled * (0.5 + Math.random() / 2)));
  }

  /** The timer keeps no process alive: `close` is for what must be sent before one ends. */
  #sendAfter(ms: number): void {
    if (this.#timer !== undefined || this.#sending !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#waitLeft() > 0) this.#sendAfter(0);
        else void this.#send();
      },
      Math.max(ms, this.#waitLeft()),
    ).unref();
  }

  #drop(reason: DropReason, entries: readonly AuditEntry[], message?: string): void {
    if (entries.length === 0) return;
    this.#dropped[reason] += entries.length;
    const events = entries.map(({ eventData }) => eventData);
    callHook(this.#hooks.onDropped, {
      reason,
      count: entries.length,
      events,
      ...(message === undefined ? {} : { message }),
    });
  }
}

/** A connection that was kept over a frozen time is dead without a word; the next one tells whether the service is. */
function mayGoOnAtOnce({ unanswered }: SendFailure, failures: number): boolean {
  return unanswered && failures === 1;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** A hook is the user's: what it throws, or rejects with, must not reach the call that is recorded. */
function callHook<Argument>(hook: ((argument: Argument) => unknown) | undefined, argument: Argument): void {
  try {
    Promise.resolve(hook?.(argument)).catch(() => undefined);
  } catch {
    // There is nobody left to tell.
  }
}
