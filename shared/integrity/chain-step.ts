import type { DigestChain, WaitingFiles } from "../ports/digest-store.ts";
import type { Trail } from "../trail/trail.ts";

/** What is to be done with a chain now. */
export type ChainStep =
  | { readonly kind: "none" }
  /** The chain is to be written as it is here; no digest is due. */
  | { readonly kind: "note"; readonly chain: DigestChain }
  /** A digest is due. */
  | {
      readonly kind: "digest" | "last-digest" | "backfill";
      readonly chain: DigestChain;
    };

/** What the next step is decided on. */
export interface ChainSituation {
  readonly chain: DigestChain;
  readonly waiting: WaitingFiles | undefined;
  /** The run that the trail's digests belong to now; undefined if it shall have none. */
  readonly run: number | undefined;
  readonly now: number;
  /** Whether blocks accepted at or before a time may still be on their way. */
  readonly undelivered: (acceptedBy: number) => Promise<boolean>;
}

/** The run of a trail that was gone, or stopped, before its files were first seen. */
const RUN_UNKNOWN = 0;

/**
 * The run of digests that a trail is in: since when it has been logging with validation on, in ms since the epoch.
 * Undefined while it does not, or where there is no such trail any more.
 */
export function currentRun(trail: Trail | undefined): number | undefined {
  return trail?.isLogging && trail.logFileValidationEnabled
    ? Math.max(trail.startLoggingTime ?? trail.createdAt, trail.logFileValidationStartTime ?? 0)
    : undefined;
}

/**
 * Decides how a chain goes on. Digests of one run are linked and come every interval. When the trail stops, is deleted
 * or has validation switched off, the run has a last digest as soon as what was accepted before is delivered; what
 * still comes later is listed by a backfill digest, or by the next run if there is one.
 */
export async function nextStep(
  situation: ChainSituation,
  { intervalMs, settleMs }: { readonly intervalMs: number; readonly settleMs: number },
): Promise<ChainStep> {
  const { chain, waiting, run, now } = situation;
  if (chain.run === undefined) {
    return firstStep(situation);
  }
  const isDue = now - (chain.latest?.run === chain.run ? chain.latest.endTime : chain.since) >= intervalMs;
  if (run === chain.run) {
    return isDue ? { kind: "digest", chain } : { kind: "none" };
  }
  if (chain.endingSince === undefined) {
    return { kind: "note", chain: { ...chain, endingSince: now } };
  }
  const isOver =
    now - chain.endingSince >= settleMs &&
    (waiting?.open ?? 0) === 0 &&
    !(await situation.undelivered(chain.endingSince));
  if (isOver) {
    return { kind: "last-digest", chain };
  }
  return isDue ? { kind: "digest", chain } : { kind: "none" };
}

function firstStep({ chain, waiting, run, now }: ChainSituation): ChainStep {
  if (run !== undefined) {
    return { kind: "note", chain: { ...chain, run, since: now } };
  }
  if (waiting === undefined || waiting.ready === 0 || waiting.open > 0) {
    return { kind: "none" };
  }
  return chain.latest === undefined
    ? { kind: "note", chain: { ...chain, run: RUN_UNKNOWN, since: now } }
    : { kind: "backfill", chain };
}
