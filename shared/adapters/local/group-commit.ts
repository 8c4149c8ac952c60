import { Gathering } from "./gathering.ts";

/** What runs work in a transaction: a database. */
interface Transactions {
  transaction<T>(work: () => T): T;
  relaxedTransaction<T>(work: () => T): T;
}

interface Step {
  readonly isRelaxed: boolean;
  /** Does the work within a transaction. Answers what is to be done once that is committed. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets the steps of tasks that run side by side share a transaction, and so one wait for the disk. Steps take effect in
 * the order in which they came.
 */
export class GroupCommit {
  readonly #database: Transactions;
  readonly #steps = new Gathering<Step>((group) => this.#commit(group));

  constructor(database: Transactions) {
    this.#database = database;
  }

  /** As `Database.transaction`. @param work is run again, by itself, if another step of its group fails */
  transaction<T>(work: () => T): Promise<T> {
    return this.#add(work, false);
  }

  /** As `Database.relaxedTransaction`. @param work is run again, by itself, if another step of its group fails */
  relaxedTransaction<T>(work: () => T): Promise<T> {
    return this.#add(work, true);
  }

  #add<T>(work: () => T, isRelaxed: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = (): (() => void) => {
        const result = work();
        return () => resolve(result);
      };
      this.#steps.add({ isRelaxed, run, reject });
    });
  }

  #commit(group: readonly Step[]): void {
    try {
      this.#run(group);
    } catch (error) {
      this.#runApart(group, error);
    }
  }

  #run(steps: readonly Step[]): void {
    const work = (): readonly (() => void)[] => steps.map(({ run }) => run());
    const confirmations = steps.every(({ isRelaxed }) => isRelaxed)
      ? this.#database.relaxedTransaction(work)
      : this.#database.transaction(work);
    for (const confirm of confirmations) {
      confirm();
    }
  }

  /** Nothing of the group was done: what one step failed with must not become the others' failure. */
  #runApart(group: readonly Step[], error: unknown): void {
    if (group.length === 1) {
      group[0]?.reject(error);
      return;
    }
    for (const step of group) {
      try {
        this.#run([step]);
      } catch (problem) {
        step.reject(problem);
      }
    }
  }
}
