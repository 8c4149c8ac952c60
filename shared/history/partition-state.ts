import type { OrderedStore, StoredRow } from "../ports/ordered-store.ts";
import type { Dictionary } from "./dictionary.ts";
import { decodeManifest, encodeManifest, type Manifest, type SegmentInfo } from "./manifest.ts";
import { RecentEventIds } from "./recent-event-ids.ts";
import { SegmentGone } from "./segment-gone.ts";
import { decodeSegmentRow, type SegmentRow } from "./segment-row.ts";
import { ITEMS_KEY, MANIFEST_KEY, type Partition, SEGMENTS_KEY, type Spaces, spacesOf } from "./spaces.ts";

/** A flush that is not merged yet. */
export interface Flush extends SegmentRow {
  /** The number of its first data item names it. */
  readonly id: number;
}

/** All parts of a partition's index at one moment. */
export interface Snapshot {
  readonly manifest: Manifest;
  readonly flushes: readonly Flush[];
}

/** What was read last. */
interface Known {
  readonly manifest: Manifest;
  readonly flushes: Map<number, Flush>;
}

/** The last key of any space. */
const LAST_KEY = 2 ** 44 - 1;

/** Data items that are given out at once to a process that writes alone. */
const ITEMS_PER_CLAIM = 64;

/**
 * What a process knows of a partition. If it has the store to itself, it reads manifest and flushes once and then
 * keeps them; otherwise it reads them for every lookup.
 */
export class PartitionState {
  readonly spaces: Spaces;
  /** Whether what a crash left behind was looked for. */
  isRecovered = false;
  /** eventIDs that this process wrote lately. */
  readonly recent = new RecentEventIds();
  readonly #store: OrderedStore;
  readonly #isExclusive: boolean;
  #manifestRow: Buffer | undefined;
  #snapshot: Known | undefined;
  readonly #dictionaries = new Map<number, Dictionary>();
  readonly #rows = new Map<number, SegmentRow>();
  #nextItem = 0;
  #claimedEnd = 0;

  constructor(store: OrderedStore, partition: Partition, isExclusive: boolean) {
    this.#store = store;
    this.spaces = spacesOf(partition);
    this.#isExclusive = isExclusive;
  }

  async snapshot(): Promise<Snapshot> {
    return this.#isExclusive ? this.lastSnapshot() : snapshotOf(await this.#read());
  }

  /** What was read last, and what this process wrote since: it tells what is to be done, without a read. */
  async lastSnapshot(): Promise<Snapshot> {
    return snapshotOf(this.#snapshot ?? (await this.#read()));
  }

  /** Flushes are read before the manifest: one that is merged in between is then in both, and known to be. */
  async #read(): Promise<Known> {
    const rows = await this.#store.range(this.spaces.flushes, { from: 0, to: LAST_KEY });
    this.#manifestRow = await this.#store.get(this.spaces.control, MANIFEST_KEY);
    const manifest = decodeManifest(this.#manifestRow);
    // A crash may have left rows of merged flushes behind, which the manifest forgets in a while.
    const merged = mergedFlushes(manifest);
    const flushes = rows.filter(({ key }) => !merged.has(key)).map(flushOf);
    const known = { manifest, flushes: new Map(flushes.map((flush) => [flush.id, flush])) };
    this.#snapshot = known;
    return known;
  }

  /** Adds a flush that was committed. */
  flushed(row: StoredRow): void {
    this.#snapshot?.flushes.set(row.key, flushOf(row));
  }

  /** Writes the manifest in place of the one that was read last. @return false if somebody else was faster */
  async replaceManifest(manifest: Manifest): Promise<boolean> {
    const value = encodeManifest(manifest);
    const isReplaced = await this.#store.commit([], {
      space: this.spaces.control,
      key: MANIFEST_KEY,
      value,
      expected: this.#manifestRow,
    });
    if (isReplaced && this.#snapshot !== undefined) {
      this.#manifestRow = value;
      const merged = mergedFlushes(manifest);
      const flushes = [...this.#snapshot.flushes].filter(([id]) => !merged.has(id));
      this.#snapshot = { manifest, flushes: new Map(flushes) };
      for (const { segment } of manifest.retired) {
        this.#rows.delete(segment.id);
      }
    } else {
      this.#snapshot = undefined;
    }
    return isReplaced;
  }

  /** A segment of tier 1. @throws SegmentGone */
  async segmentRow({ id }: SegmentInfo): Promise<SegmentRow> {
    const known = this.#rows.get(id);
    if (known !== undefined) {
      return known;
    }
    const row = await this.#store.get(this.spaces.rows, id);
    if (row === undefined) {
      throw new SegmentGone(`Segment ${id} has no row in ${this.spaces.rows}`);
    }
    const decoded = decodeSegmentRow(row);
    if (this.#isExclusive) {
      this.#rows.set(id, decoded);
    }
    return decoded;
  }

  /** The dictionary of that version; 0 is none. */
  async dictionary(version: number): Promise<Dictionary | undefined> {
    const known = this.#dictionaries.get(version);
    if (known !== undefined || version === 0) {
      return known;
    }
    const content = await this.#store.get(this.spaces.dictionaries, version);
    if (content === undefined) {
      throw new Error(`There is no dictionary ${version} in ${this.spaces.dictionaries}`);
    }
    const dictionary = { version, content };
    this.#dictionaries.set(version, dictionary);
    return dictionary;
  }

  /** The newest dictionary there is, or undefined. */
  async newestDictionary(): Promise<Dictionary | undefined> {
    if (!this.#isExclusive || this.#dictionaries.size === 0) {
      const [row] = await this.#store.range(this.spaces.dictionaries, {
        from: 1,
        to: LAST_KEY,
        reverse: true,
        limit: 1,
      });
      return row && this.dictionary(row.key);
    }
    return this.dictionary(Math.max(...this.#dictionaries.keys()));
  }

  /** Gives out numbers of data items that follow one another. @return the first */
  async claimItems(count: number): Promise<number> {
    if (this.#nextItem + count > this.#claimedEnd) {
      const claimed = this.#isExclusive ? Math.max(count, ITEMS_PER_CLAIM) : count;
      this.#claimedEnd = await this.#store.increment(this.spaces.control, ITEMS_KEY, claimed);
      this.#nextItem = this.#claimedEnd - claimed;
    }
    this.#nextItem += count;
    return this.#nextItem - count;
  }

  claimSegment(): Promise<number> {
    return this.#store.increment(this.spaces.control, SEGMENTS_KEY, 1);
  }
}

function snapshotOf({ manifest, flushes }: Known): Snapshot {
  return { manifest, flushes: [...flushes.values()] };
}

function mergedFlushes({ merged }: Manifest): ReadonlySet<number> {
  return new Set(merged.flatMap(({ flushes }) => flushes));
}

function flushOf({ key, value }: StoredRow): Flush {
  return { id: key, ...decodeSegmentRow(value) };
}
