import { forEachBounded } from "../concurrency/bounded.ts";
import { asError } from "../delivery/batch.ts";
import type { FencePorts } from "../delivery/fence.ts";
import { sweepOpenFiles } from "../delivery/sweep.ts";
import { chainName, type DigestChain, type DigestStore, type WaitingFiles } from "../ports/digest-store.ts";
import type { SigningKeys } from "../ports/signing-keys.ts";
import type { TrailStore } from "../ports/trail-store.ts";
import { parseTrailArn } from "../trail/arn.ts";
import type { Trail } from "../trail/trail.ts";
import { type ChainStep, currentRun, nextStep } from "./chain-step.ts";
import { DigestWriter } from "./write-digest.ts";

/** What making digests needs. */
export interface DigestPorts extends FencePorts {
  readonly digests: DigestStore;
  readonly keys: SigningKeys;
  readonly trails: TrailStore;
  /**
   * Whether blocks that were accepted at or before a time (ms since the epoch) may still be on their way to log
   * files, dead letters aside. A host that cannot tell leaves it out and sets a long `settleMs`.
   */
  readonly isUndelivered?: (acceptedBy: number) => Promise<boolean>;
}

/** How digests are made. Durations in ms. */
export interface DigestSettings {
  /** What one digest covers. At least a second. */
  readonly intervalMs: number;
  /** How long after its end a run's last digest is made at the earliest. */
  readonly settleMs: number;
}

/** What a run of the digest maker did. */
export interface DigestReport {
  readonly delivered: number;
  readonly backfills: number;
  /** Chains whose digest could not be made, by name: they are tried again later. */
  readonly failed: ReadonlyMap<string, Error>;
}

const CHAINS_AT_ONCE = 4;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Makes the digests that are due, whenever it is called: often enough that none is late. A digest takes every file
 * of its chain that is in no digest yet, so that one that is late covers the whole time since the last.
 *
 * It may be killed at any step, and two may work at the same time. A chain is a row with a version: whoever makes a
 * step has to have written the version that it rests on. A digest's row is written first, then files are given to
 * it, then its content and signature are fixed, then its object is put under a key that takes no second object.
 */
export function createDigestMaker(ports: DigestPorts, settings: DigestSettings): () => Promise<DigestReport> {
  const { digests, trails, clock } = ports;
  const writer = new DigestWriter(ports);
  /** Chains that failed lately, with the time from which on they are tried again. */
  const paused = new Map<string, number>();

  return async () => {
    const count = { delivered: 0, backfills: 0 };
    const failed = new Map<string, Error>();
    const trailNamed = trailReader(trails);
    let swept: Promise<unknown> | undefined;
    const sweep = (): Promise<unknown> => (swept ??= sweepOpenFiles(ports));

    const { chains, waiting } = await seenChains(digests, clock.now());
    await forEachBounded(chains, CHAINS_AT_ONCE, async (chain) => {
      const name = chainName(chain);
      if (clock.now() < (paused.get(name) ?? 0)) {
        return;
      }
      try {
        const trail = await trailNamed(chain.trailArn);
        const done = await advance(chain, waiting.get(name), trail, sweep);
        count.delivered += done.delivered;
        count.backfills += done.backfills;
        paused.delete(name);
      } catch (error) {
        failed.set(name, asError(error));
        paused.set(name, clock.now() + Math.min(settings.intervalMs, LONGEST_PAUSE_MS));
      }
    });
    return { ...count, failed };
  };

  async function advance(
    chain: DigestChain,
    waiting: WaitingFiles | undefined,
    trail: Trail | undefined,
    sweep: () => Promise<unknown>,
  ): Promise<{ readonly delivered: number; readonly backfills: number }> {
    const finished = await writer.finish(chain, trail);
    const undelivered = async (by: number): Promise<boolean> => (await ports.isUndelivered?.(by)) ?? false;
    const step: ChainStep = await nextStep(
      { chain: finished.chain, waiting, run: currentRun(trail), now: clock.now(), undelivered },
      settings,
    );
    if (step.kind === "none") {
      return finished;
    }
    if (step.kind === "note") {
      await digests.putChain(step.chain);
      return finished;
    }
    await sweep();
    const made = await writer.make(step, trail, waiting);
    return {
      delivered: finished.delivered + made.delivered,
      backfills: finished.backfills + made.backfills,
    };
  }
}

/** All chains, those included that were never seen before, and the files that wait by chain. */
async function seenChains(
  digests: DigestStore,
  now: number,
): Promise<{ readonly chains: readonly DigestChain[]; readonly waiting: ReadonlyMap<string, WaitingFiles> }> {
  // Files first: a chain that has them is then among the chains, or is new.
  const waiting = new Map((await digests.waitingFiles()).map((files) => [chainName(files), files]));
  const chains = new Map((await digests.chains()).map((chain) => [chainName(chain), chain]));
  for (const [name, { trailArn, recipientAccountId, awsRegion, destination }] of waiting) {
    if (!chains.has(name)) {
      const chain = { trailArn, recipientAccountId, awsRegion, destination, version: 0, since: now };
      chains.set(name, await digests.putChain(chain));
    }
  }
  return { chains: [...chains.values()], waiting };
}

/** Reads each account's trails once. */
function trailReader(trails: TrailStore): (trailArn: string) => Promise<Trail | undefined> {
  const states = new Map<string, ReturnType<TrailStore["read"]>>();
  return async (trailArn) => {
    const { accountId } = parseTrailArn(trailArn);
    const state = states.get(accountId) ?? trails.read(accountId);
    states.set(accountId, state);
    return (await state).trails.find((trail) => trail.trailArn === trailArn);
  };
}
