import type { EmbeddedPipeline } from "../shared/compose/embedded.ts";

/** The parts of the pipeline that the timer runs. */
type DigestWork = Pick<EmbeddedPipeline, "makeDigests" | "forgetFiles">;

const LONGEST_TICK_MS = 2_000;
const SHORTEST_TICK_MS = 100;
const FORGET_EVERY_MS = 60 * 60_000;
const HOUR_MS = 60 * 60_000;

/** Makes digests while the host runs. Looks often, so that a trail's last digest comes soon after its end. */
export class DigestTimer {
  readonly #work: DigestWork;
  readonly #failed: (message: string) => void;
  readonly #tick: number;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #forgotAt = 0;

  /** @param intervalMs what one digest covers @param failed told of what could not be done */
  constructor(work: DigestWork, intervalMs: number = HOUR_MS, failed: (message: string) => void) {
    this.#work = work;
    this.#failed = failed;
    this.#tick = Math.max(SHORTEST_TICK_MS, Math.min(intervalMs / 8, LONGEST_TICK_MS));
    this.#next();
  }

  /** Ends after the digests that are being made. What was held until now is in the next digest. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #next(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#run().then(() => {
        if (!this.#stopped) {
          this.#next();
        }
      });
    }, this.#tick);
  }

  async #run(): Promise<void> {
    try {
      const { failed } = await this.#work.makeDigests();
      for (const [chain, error] of failed) {
        this.#failed(`${chain}: ${error.message}`);
      }
      if (Date.now() - this.#forgotAt >= FORGET_EVERY_MS) {
        this.#forgotAt = Date.now();
        await this.#work.forgetFiles();
      }
    } catch (error) {
      this.#failed(error instanceof Error ? error.message : String(error));
    }
  }
}
