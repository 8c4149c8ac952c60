import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";
import { describeError } from "../command-failure.ts";

/** What a step found, in a line, and what to show under it. */
export interface Finding {
  readonly text: string;
  readonly details?: string;
}

/** Something that a step asked for is not there. Its message says what was found instead. */
export class NotFound extends Error {
  override readonly name = "NotFound";
}

/** Shows steps as they end, and remembers whether all of them were good. */
export class Steps {
  #failed = 0;
  readonly #out: NodeJS.WriteStream;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  get allGood(): boolean {
    return this.#failed === 0;
  }

  /** Runs a step and shows what came of it. Answers whether it was good. */
  async run(title: string, step: () => Promise<Finding>): Promise<boolean> {
    const begin = performance.now();
    try {
      const { text, details } = await step();
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      this.#write(
        `${this.#style("green", "✓")} ${this.#style("bold", title)}: ${text} ${this.#style("dim", `(${seconds} s)`)}`,
      );
      if (details !== undefined) {
        this.say(details.replaceAll(/^(?=.)/gm, "      "));
      }
      return true;
    } catch (error) {
      this.#failed += 1;
      this.#write(`${this.#style("red", "✗")} ${this.#style("bold", title)}: ${describeError(error)}`);
      return false;
    }
  }

  /** Writes a line that is no step's. */
  say(text: string): void {
    this.#out.write(`${text}\n`);
  }

  #write(text: string): void {
    this.#out.write(`  ${text}\n`);
  }

  /** Without colours where the output is no terminal or NO_COLOR is set. */
  #style(format: "green" | "red" | "bold" | "dim", text: string): string {
    return styleText(format, text, { stream: this.#out, validateStream: true });
  }
}

/**
 * Asks again until a question is answered without NotFound.
 * @param limit in milliseconds @throws NotFound of the last time, when the limit is over
 */
export async function within<T>(limit: number, ask: () => Promise<T>): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotFound) || Date.now() >= end) {
        throw error;
      }
    }
    await sleep(100);
  }
}
