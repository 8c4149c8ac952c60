import { forEachBounded } from "../concurrency/bounded.ts";
import type { FileRow } from "../ports/ledger.ts";
import { asError } from "./batch.ts";
import { type FencePorts, fenceFile } from "./fence.ts";

/** What a sweep did. */
export interface SweepReport {
  readonly settled: number;
  readonly voided: number;
  /** Files that could not be decided, by id: they are left to the next sweep. */
  readonly unreachable: ReadonlyMap<string, Error>;
}

const FILES_A_READ = 100;
const FILES_AT_ONCE = 8;

/**
 * Settles or voids every open file whose lease has ended, until none is left but those that cannot be reached.
 * To be run before every digest.
 * @param leasesEndedBy milliseconds since the epoch; default now. A host that knows that no worker is alive
 * (it just started, alone on its data) may say `Number.MAX_SAFE_INTEGER` and need not wait for leases of the dead.
 */
export async function sweepOpenFiles(
  ports: FencePorts,
  leasesEndedBy: number = ports.clock.now(),
): Promise<SweepReport> {
  const count = { settled: 0, void: 0 };
  const unreachable = new Map<string, Error>();
  const nextFiles = async (): Promise<readonly FileRow[]> => {
    const files = await ports.ledger.expiredFiles(leasesEndedBy, FILES_A_READ + unreachable.size);
    return files.filter(({ id }) => !unreachable.has(id));
  };
  for (let files = await nextFiles(); files.length > 0; files = await nextFiles()) {
    await forEachBounded(files, FILES_AT_ONCE, async (file) => {
      try {
        count[await fenceFile(ports, file)] += 1;
      } catch (error) {
        unreachable.set(file.id, asError(error));
      }
    });
  }
  return { settled: count.settled, voided: count.void, unreachable };
}
