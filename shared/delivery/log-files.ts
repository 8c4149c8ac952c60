import { promisify } from "node:util";
import { gzip, type ZlibOptions } from "node:zlib";
import { BufferPool } from "../bytes/buffer-pool.ts";
import { forEachBounded } from "../concurrency/bounded.ts";
import type { ActivityBlock } from "../event/block.ts";
import { unpackBlock } from "../event/block-codec.ts";
import type { FileRow, Ledger } from "../ports/ledger.ts";
import { asError, type BatchBlock, BatchTally, type Deliver, withUnpackedBatch } from "./batch.ts";
import { ByteBudget } from "./byte-budget.ts";
import { type FencePorts, fenceFile } from "./fence.ts";
import { randomSuffix } from "./log-file-key.ts";
import { type ClaimablePart, type LogFilePlan, planLogFiles } from "./log-file-plan.ts";
import { type Part, partsOfBlock } from "./part.ts";
import { reportS3Delivery } from "./s3-status.ts";
import { type LogFileWriter, writeLogFile } from "./write-log-file.ts";

const MIB = 1024 * 1024;

/** How log files are made. All of it has a default. */
export interface LogFileSettings {
  /** zlib's level, 1 to 9. Default 6. */
  readonly gzipLevel?: number;
  /** Content of one file in bytes, before compression. Default 40 MiB: no content of it gzips to 50 MB. */
  readonly maxFileBytes?: number;
  /** How long a worker may hold parts, in milliseconds. Default one minute. */
  readonly leaseMs?: number;
  /** Files in the making at once. Default 16. */
  readonly filesAtOnce?: number;
  /** Their content together, in bytes. Default 8 MiB. */
  readonly contentBytesAtOnce?: number;
  /** Message body → block. Default: the block codec. */
  readonly unpack?: (body: Buffer) => Promise<ActivityBlock>;
  /** Content → one gzip member. Default: zlib at `gzipLevel`. */
  readonly compress?: (content: Buffer) => Promise<Buffer>;
  /** The last part of a new file's name. Default: 16 random letters and digits. */
  readonly suffix?: () => string;
}

/**
 * The stage that delivers log files to trails' buckets, each record exactly once however often its message
 * comes. A message succeeds when all its records are in the files of all its trails; one whose records
 * somebody else holds fails, and finds them delivered, or free, when it comes again. A trail's topic is told of each
 * file at least once; one that refuses fails no message.
 */
export function createLogFileDelivery(ports: FencePorts, settings: LogFileSettings = {}): Deliver {
  const { unpack = unpackBlock, filesAtOnce = 16, maxFileBytes = 40 * MIB } = settings;
  const { contentBytesAtOnce = 8 * MIB } = settings;
  const writer: LogFileWriter = {
    ...ports,
    leaseMs: settings.leaseMs ?? 60_000,
    compress: settings.compress ?? gzipAt(settings.gzipLevel ?? 6),
    suffix: settings.suffix ?? randomSuffix,
    contentBudget: new ByteBudget(contentBytesAtOnce),
    contents: new BufferPool(contentBytesAtOnce),
  };
  return async (messages) => {
    const tally = new BatchTally();
    await withUnpackedBatch(messages, tally, unpack, partsOfBlock, async (blocks) => {
      const batch = new PartTally(tally, blocks);
      const claimable = await freeParts(writer, filesAtOnce, batch);
      await forEachBounded(planLogFiles(claimable, maxFileBytes), filesAtOnce, (plan) =>
        deliverFile(writer, plan, batch),
      );
    });
    return tally.report();
  };
}

/** Zlib hands its output over in chunks, each a trip to this thread: records gzip to an eighth and less. */
const COMPRESSED_SHARE = 1 / 6;
const SMALLEST_CHUNK_BYTES = 4 * 1024;

function gzipAt(level: number): (content: Buffer) => Promise<Buffer> {
  const compress = promisify<Buffer, ZlibOptions, Buffer>(gzip);
  return (content) =>
    compress(content, {
      level,
      chunkSize: SMALLEST_CHUNK_BYTES + Math.ceil(content.length * COMPRESSED_SHARE),
    });
}

/** A batch's parts, and what becomes of their records and messages. */
class PartTally {
  readonly parts: readonly Part[];
  readonly #tally: BatchTally;
  readonly #messageIds: ReadonlyMap<string, readonly string[]>;

  constructor(tally: BatchTally, blocks: readonly BatchBlock<readonly Part[]>[]) {
    this.#tally = tally;
    this.#messageIds = new Map(blocks.map(({ block, messageIds }) => [block.id, messageIds]));
    this.parts = blocks.flatMap(({ content }) => content);
    for (const { records } of this.parts) {
      tally.receive(records);
    }
  }

  deliver({ records }: Part): void {
    this.#tally.deliver(records);
  }

  skip({ records }: Part): void {
    this.#tally.skip("already-delivered", records);
  }

  fail({ blockId, records }: Part, error: Error): void {
    this.#tally.fail(this.#messageIds.get(blockId) ?? [], records, error);
  }
}

/** The parts that can be claimed. The others are put down: delivered before, held, or out of reach. */
async function freeParts(
  writer: LogFileWriter,
  filesAtOnce: number,
  batch: PartTally,
): Promise<readonly ClaimablePart[]> {
  const files = await filesOfParts(writer.ledger, batch);
  const free: ClaimablePart[] = [];
  const expired = new Map<string, { readonly file: FileRow; readonly parts: Part[] }>();
  const place = (part: Part, file: FileRow): void => {
    if (file.state === "settled") {
      batch.skip(part);
    } else if (file.state === "void") {
      free.push({ part, insteadOf: file.id });
    } else if (writer.clock.now() < file.leaseUntil) {
      batch.fail(part, new Error(`Another worker holds records of block ${part.blockId} in ${file.id}`));
    } else {
      const entry = expired.get(file.id) ?? { file, parts: [] };
      entry.parts.push(part);
      expired.set(file.id, entry);
    }
  };
  for (const part of files === undefined ? [] : batch.parts) {
    const file = files?.get(part.id);
    if (file === undefined) {
      free.push({ part });
    } else {
      place(part, file);
    }
  }
  await forEachBounded(expired.values(), filesAtOnce, async ({ file, parts }) => {
    try {
      const state = await fenceFile(writer, file);
      for (const part of parts) {
        place(part, { ...file, state });
      }
    } catch (error) {
      await reportS3Delivery(writer, file.trailArn, error);
      for (const part of parts) {
        batch.fail(part, asError(error));
      }
    }
  });
  return free;
}

/** The files of the batch's parts, or undefined if the ledger is out of reach: then every part failed. */
async function filesOfParts(
  ledger: Ledger,
  batch: PartTally,
): Promise<ReadonlyMap<string, FileRow> | undefined> {
  try {
    return await ledger.filesOfParts(batch.parts.map(({ id }) => id));
  } catch (error) {
    for (const part of batch.parts) {
      batch.fail(part, asError(error));
    }
    return undefined;
  }
}

async function deliverFile(writer: LogFileWriter, plan: LogFilePlan, batch: PartTally): Promise<void> {
  try {
    const delivered = new Set(await writeLogFile(writer, plan));
    for (const { part } of plan.claims) {
      if (delivered.has(part)) {
        batch.deliver(part);
      } else {
        batch.fail(part, new Error(`Another worker was faster with records of block ${part.blockId}`));
      }
    }
  } catch (error) {
    for (const { part } of plan.claims) {
      batch.fail(part, asError(error));
    }
  }
}
