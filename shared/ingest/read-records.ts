import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { RecordSplitter, type SlicedRecord, UnreadableInput } from "./record-splitter.ts";

const LINES = /\.(?:jsonl|ndjson)(?:\.gz)?$/i;

/**
 * The records of one input, as they come: gzip or not (told by its first bytes), in any of the forms of
 * RecordSplitter. One array for each chunk that was read.
 * @param name tells whether it is known to hold a record a line
 * @param maxBytes how much it may be, inflated
 * @throws UnreadableInput where its content cannot be read any further, or what `bytes` throws
 */
export async function* readRecords(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly SlicedRecord[]> {
  const splitter = new RecordSplitter(LINES.test(name));
  let found: SlicedRecord[] = [];
  let inflated = 0;
  let problem: unknown;
  try {
    for await (const chunk of decompressed(bytes)) {
      inflated += chunk.length;
      if (inflated > maxBytes) {
        throw new UnreadableInput(`it inflates to more than ${maxBytes} bytes`);
      }
      splitter.push(chunk, found);
      yield found;
      found = [];
    }
    splitter.end(found);
  } catch (cause) {
    problem = isDamagedGzip(cause) ? new UnreadableInput(cause.message, { cause }) : cause;
  }
  // What stands before the break counts.
  yield found;
  if (problem !== undefined) {
    throw problem;
  }
}

/** Whether zlib says so, and not whoever gives the bytes. */
function isDamagedGzip(cause: unknown): cause is Error {
  return cause instanceof Error && /^Z_/.test((cause as NodeJS.ErrnoException).code ?? "");
}

async function* decompressed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]();
  const head = await readHead(source);
  const whole = continued(head, source);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const fed = pipeline(Readable.from(whole, { objectMode: false }), gunzip);
  // Awaited below: reading the decompressed bytes throws the same error first.
  fed.catch(() => {});
  yield* gunzip as AsyncIterable<Buffer>;
  await fed;
}

/** The first bytes: two at least, unless there are fewer. */
async function readHead(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await source.next();
    if (next.done) {
      break;
    }
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* continued(head: Buffer, source: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    yield head;
    for (let next = await source.next(); !next.done; next = await source.next()) {
      yield asBuffer(next.value);
    }
  } finally {
    await source.return?.();
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
