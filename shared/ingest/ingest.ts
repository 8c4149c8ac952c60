import {
  type BlockDraft,
  type BlockOrigin,
  DESTINATIONS,
  type Destination,
  type PackedBlock,
} from "../event/block.ts";
import { packBlock } from "../event/block-codec.ts";
import type { JsonObject } from "../event/json.ts";
import type { ActivityRecord } from "../event/record.ts";
import { type HistoryScope, historyCategory } from "../history/history-category.ts";
import type { ActivityTopic } from "../ports/activity-topic.ts";
import type { Clock } from "../ports/clock.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { TrailStore } from "../ports/trail-store.ts";
import { compileRouter, type Router } from "../trail/router.ts";
import type { TrailDestination, TrailState } from "../trail/trail.ts";
import { BlockBuilder, type BlockHead } from "./block-builder.ts";
import { readRecord, UnacceptableRecord } from "./read-record.ts";

/** Records of one call, on their way in. */
export interface IngestRequest {
  /** The caller's account: whose trails and history the records go to. */
  readonly accountId: string;
  readonly origin: BlockOrigin;
  /** One JSON text a record, UTF-8. */
  readonly records: readonly Buffer[];
  /** Whether records may name a recipient account other than `accountId`. */
  readonly mayImport: boolean;
  /**
   * The trails to judge by. Absent, they are read consistently. The record of a call that stops or deletes a
   * trail is judged by the state before it, since the call happened while the trail was logging.
   */
  readonly trailState?: TrailState;
  /** Records, parsed, that are acceptable and not to be taken all the same. Absent: there are none. */
  readonly leaveOut?: (fields: JsonObject) => boolean;
}

/** A record that was not taken, and why. */
export interface Rejection {
  /** The record's position in the call, from 0. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

/** What became of a call's records: accepted + rejected + left out = all of them. */
export interface IngestReport {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
  /** Present where the call says what is to be left out. */
  readonly leftOut?: number;
}

/** Takes records in. When it resolves, the accepted ones are durable; when it rejects, none counts as accepted. */
export type Ingest = (request: IngestRequest) => Promise<IngestReport>;

/** What ingest needs. */
export interface IngestDependencies {
  readonly trails: TrailStore;
  readonly topic: ActivityTopic;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** What the event history takes; absent where there is none. */
  readonly history?: HistoryScope;
  /** A block is closed when it holds this many records, or this many bytes of their text. */
  readonly blockLimits?: BlockLimits;
  /** How blocks are compressed. Default: the block codec's. */
  readonly compressionLevel?: number;
}

export interface BlockLimits {
  readonly records: number;
  readonly bytes: number;
}

const DEFAULT_BLOCK_LIMITS: BlockLimits = { records: 5_000, bytes: 4 * 1024 * 1024 };

/**
 * Makes the use case *ingest*: check each record, complete it, decide which trails want it at this moment, pack
 * what is wanted into activity blocks and publish them. The trails are read consistently, once a call.
 */
export function makeIngest(dependencies: IngestDependencies): Ingest {
  const { trails, topic, clock, metrics, history, compressionLevel } = dependencies;
  const { blockLimits: limits = DEFAULT_BLOCK_LIMITS } = dependencies;
  const routerOf = cachedRouters(trails);
  return async (request) => {
    const router = request.trailState ? compileRouter(request.trailState) : await routerOf(request.accountId);
    const packer = new CallPacker(router, request, { limits, history, compressionLevel }, clock.now());
    const rejected: Rejection[] = [];
    let leftOut = 0;
    for (const [index, text] of request.records.entries()) {
      try {
        const record = readRecord(text, request);
        if (request.leaveOut?.(record.fields)) {
          leftOut += 1;
        } else {
          packer.add(record);
        }
      } catch (problem) {
        rejected.push(rejection(index, problem));
      }
    }
    const blocks = await packer.pack();
    if (blocks.length > 0) {
      await topic.publish(blocks);
    }
    const accepted = request.records.length - rejected.length - leftOut;
    metrics.count("RecordsReceived", request.records.length);
    metrics.count("RecordsAccepted", accepted);
    metrics.count("RecordsRejected", rejected.length);
    metrics.count("RecordsUnrouted", packer.unrouted);
    return { accepted, rejected, ...(request.leaveOut && { leftOut }) };
  };
}

function rejection(index: number, problem: unknown): Rejection {
  if (problem instanceof UnacceptableRecord) {
    return { index, code: problem.code, message: problem.message };
  }
  throw problem;
}

/** Routers by account, compiled anew only when the account's trails have changed. */
function cachedRouters(trails: TrailStore): (accountId: string) => Promise<Router> {
  const cache = new Map<string, { readonly version: number; readonly router: Router }>();
  return async (accountId) => {
    const version = await trails.version(accountId);
    const known = cache.get(accountId);
    if (known?.version === version) {
      return known.router;
    }
    const state = await trails.read(accountId);
    const router = compileRouter(state);
    cache.set(accountId, { version: state.version, router });
    return router;
  };
}

/** How a call is packed. */
interface PackingSettings {
  readonly limits: BlockLimits;
  readonly history: HistoryScope | undefined;
  readonly compressionLevel: number | undefined;
}

/** Packs the records of one call that a trail or the event history wants into blocks of limited size. */
class CallPacker {
  /** Records that were accepted and that no trail wants. */
  unrouted = 0;
  readonly #router: Router;
  readonly #head: BlockHead;
  readonly #settings: PackingSettings;
  readonly #packed: Promise<PackedBlock>[] = [];
  #open = new BlockBuilder();

  constructor(router: Router, request: IngestRequest, settings: PackingSettings, acceptedAt: number) {
    this.#router = router;
    this.#head = { accountId: request.accountId, origin: request.origin, acceptedAt };
    this.#settings = settings;
  }

  add(record: ActivityRecord): void {
    const { limits, history } = this.#settings;
    const wanted = this.#router.route(record);
    if (wanted.length === 0) {
      this.unrouted += 1;
      if (!isForHistory(record, history)) {
        return;
      }
    }
    if (this.#open.bytes > 0 && this.#open.bytes + record.text.length > limits.bytes) {
      this.#close();
    }
    this.#open.add(record, wanted);
    if (this.#open.records >= limits.records) {
      this.#close();
    }
  }

  async pack(): Promise<readonly PackedBlock[]> {
    if (this.#open.records > 0) {
      this.#close();
    }
    return Promise.all(this.#packed);
  }

  #close(): void {
    const block = this.#open.build(
      this.#head,
      (trail) => this.#router.destinations[trail] as TrailDestination,
    );
    const { history, compressionLevel } = this.#settings;
    this.#packed.push(packBlock(block, destinationsOf(block, history), compressionLevel));
    this.#open = new BlockBuilder();
  }
}

/** What came from EventBridge or from a log file is not emitted: its account's own bus had it already. */
function destinationsOf(
  { origin, trails, groups }: BlockDraft,
  history: HistoryScope | undefined,
): readonly Destination[] {
  const isWanted: Readonly<Record<Destination, boolean>> = {
    "log-files": trails.length > 0,
    "log-groups": trails.some(({ destination }) => destination.cloudWatchLogsLogGroupArn !== undefined),
    "event-bus": trails.length > 0 && origin === "api",
    history: groups.some((group) => isForHistory(group, history)),
  };
  return DESTINATIONS.filter((destination) => isWanted[destination]);
}

function isForHistory({ kind }: Pick<ActivityRecord, "kind">, history: HistoryScope | undefined): boolean {
  return history !== undefined && historyCategory(kind, history) !== undefined;
}
