import { randomBytes } from "node:crypto";
import type { Clock } from "../ports/clock.ts";
import type { OrderedStore } from "../ports/ordered-store.ts";
import { appendFlush, RECORDS_PER_FLUSH } from "./append.ts";
import { findRepeated } from "./find-repeated.ts";
import type { IncomingRecord } from "./incoming-record.ts";
import { DEFAULT_SIZES, type IndexSizes } from "./index-sizes.ts";
import { mergeDue } from "./merge.ts";
import { PartitionState } from "./partition-state.ts";
import type { HistoryQuery } from "./query.ts";
import { discardAbandoned, dropExpired } from "./retention.ts";
import { type FoundPage, findEvents, type SearchPage } from "./search.ts";
import { SegmentGone } from "./segment-gone.ts";
import { type Partition, partitionName } from "./spaces.ts";

/** How the event history is kept. */
export interface HistorySettings {
  /** How long after its eventTime a record can be found, in ms; infinite: for ever. */
  readonly retention: number;
  /** Whether no other process writes to the store: then what it holds is remembered between lookups. */
  readonly isExclusive: boolean;
  /** Bytes of the records of a found page, at most, but for one that has more by itself. Default: no limit. */
  readonly pageBytes?: number;
  /** Default: the measured ones. */
  readonly sizes?: IndexSizes;
}

/** What became of records: in = added + repeated + expired. */
export interface AppendReport {
  readonly added: number;
  /** The index had an event with their eventID and eventTime, or they were twice among the records. */
  readonly repeated: number;
  /** Older than the retention. */
  readonly expired: number;
}

/** The space of what is no partition's. */
const SECRETS = "secrets";
const TOKEN_SECRET = 0;

/** A lookup starts again so often when segments are merged away under it. */
const MOST_ATTEMPTS = 5;

/**
 * The events of the last 90 days, or of all time, and how they are found: compressed records in the order of their
 * arrival, and an inverted index over them that is merged in levels. `docs/history.md` tells of the structure.
 */
export class History {
  readonly #store: OrderedStore;
  readonly #clock: Clock;
  readonly #settings: HistorySettings;
  readonly #partitions = new Map<string, PartitionState>();
  /** Those that were written to since they were maintained. */
  readonly #written = new Set<PartitionState>();
  #secret: Buffer | undefined;

  constructor(store: OrderedStore, clock: Clock, settings: HistorySettings) {
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings;
  }

  /**
   * Adds records to a partition. When it resolves they are durable and can be found. Records that are there already
   * are left out, so that the same call may be made again. Calls for one partition must not overlap in a process.
   * @param acceptedAt milliseconds since the epoch
   */
  async append(
    partition: Partition,
    records: readonly IncomingRecord[],
    acceptedAt: number,
  ): Promise<AppendReport> {
    const state = this.#state(partition);
    const { retention } = this.#settings;
    const oldest = this.#clock.now() - retention;
    const kept = records.filter(({ eventTime }) => eventTime >= oldest);
    this.#written.add(state);
    let added = 0;
    for (let first = 0; first < kept.length; first += RECORDS_PER_FLUSH) {
      const once = withoutTwins(kept.slice(first, first + RECORDS_PER_FLUSH));
      const snapshot = await (first === 0 ? state.snapshot() : state.lastSnapshot());
      const repeated = await findRepeated(this.#store, state, snapshot, once);
      const flush = repeated.size === 0 ? once : once.filter((record) => !repeated.has(record));
      if (flush.length > 0) {
        await appendFlush(this.#store, state, flush, { acceptedAt, retention });
        added += flush.length;
      }
    }
    return { added, repeated: kept.length - added, expired: records.length - kept.length };
  }

  /**
   * Merges and drops what is due in the partitions that this process has touched; if it shares the store, in those
   * that it has written to since. Lookups go on meanwhile.
   */
  async maintain(): Promise<void> {
    const { retention, isExclusive, sizes = DEFAULT_SIZES } = this.#settings;
    for (const state of isExclusive ? this.#partitions.values() : this.#written) {
      if (isExclusive && !state.isRecovered) {
        await discardAbandoned(this.#store, state);
        state.isRecovered = true;
      }
      while (await mergeDue(this.#store, state, { sizes, now: this.#clock.now(), retention })) {}
      await dropExpired(this.#store, state, this.#clock.now(), retention);
      this.#written.delete(state);
    }
  }

  /** Finds events, of several partitions in one order. Events past the retention are not found. */
  async find(partitions: readonly Partition[], query: HistoryQuery, page: SearchPage): Promise<FoundPage> {
    const states = await Promise.all(partitions.map((partition) => this.#stateToRead(partition)));
    const { retention, pageBytes } = this.#settings;
    const bounded = pageBytes === undefined ? page : { ...page, mostBytes: pageBytes };
    const oldest = this.#clock.now() - retention;
    const kept = { ...query, startTime: Math.max(query.startTime ?? Number.NEGATIVE_INFINITY, oldest) };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await findEvents(this.#store, states, kept, bounded);
      } catch (error) {
        if (!(error instanceof SegmentGone) || attempt === MOST_ATTEMPTS) {
          throw error;
        }
      }
    }
  }

  /** The secret that page tokens are signed with: one for all processes on the store, made when it is first needed. */
  async tokenSecret(): Promise<Buffer> {
    if (this.#secret === undefined) {
      await this.#store.commit([], {
        space: SECRETS,
        key: TOKEN_SECRET,
        value: randomBytes(32),
        expected: undefined,
      });
      // Whoever was first made it.
      this.#secret = await this.#store.get(SECRETS, TOKEN_SECRET);
    }
    return this.#secret ?? Buffer.alloc(0);
  }

  /** Callers may ask for any account and region: of those that have no events nothing is remembered. */
  async #stateToRead(partition: Partition): Promise<PartitionState> {
    const name = partitionName(partition);
    const known = this.#partitions.get(name);
    if (known !== undefined) {
      return known;
    }
    const state = new PartitionState(this.#store, partition, this.#settings.isExclusive);
    const { manifest, flushes } = await state.snapshot();
    // Somebody may have begun to write to it meanwhile, and only one state of a partition may be remembered.
    const other = this.#partitions.get(name);
    if (other === undefined && flushes.length + manifest.segments.length > 0) {
      this.#partitions.set(name, state);
    }
    return other ?? state;
  }

  #state(partition: Partition): PartitionState {
    const name = partitionName(partition);
    const known = this.#partitions.get(name);
    if (known !== undefined) {
      return known;
    }
    const state = new PartitionState(this.#store, partition, this.#settings.isExclusive);
    this.#partitions.set(name, state);
    return state;
  }
}

/** Each event once. */
function withoutTwins(records: readonly IncomingRecord[]): readonly IncomingRecord[] {
  const seen = new Set<string>();
  return records.filter(({ eventId, eventTime }) => {
    const name = `${eventId} ${eventTime}`;
    const isTwin = seen.has(name);
    seen.add(name);
    return !isTwin;
  });
}
