import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

/** Ranks of a chunk of a time column. */
export const RANKS_PER_CHUNK = 2_048;

/**
 * When the records of a segment happened and where they are: a row a record, ordered by (time, position). A record's
 * number in this order is its *rank*.
 */
export interface TimeColumn {
  /** Milliseconds since the epoch. */
  readonly times: Float64Array;
  /** The records' positions in the data. */
  readonly positions: Float64Array;
}

/** The first time of each chunk of a column, by which the chunk of a moment is found, and how many ranks there are. */
export interface TimeDirectory {
  readonly records: number;
  readonly firstTimes: readonly number[];
}

/** The chunks of a column. */
export function timeChunks({ times, positions }: TimeColumn): readonly TimeColumn[] {
  const chunks: TimeColumn[] = [];
  for (let first = 0; first < times.length; first += RANKS_PER_CHUNK) {
    const end = first + RANKS_PER_CHUNK;
    chunks.push({ times: times.subarray(first, end), positions: positions.subarray(first, end) });
  }
  return chunks;
}

/** The directory of a column with those chunks. */
export function timeDirectory(chunks: readonly TimeColumn[]): TimeDirectory {
  return {
    records: chunks.reduce((sum, { times }) => sum + times.length, 0),
    firstTimes: chunks.map(({ times }) => times[0] as number),
  };
}

/** Writes a chunk: times as differences, in whole seconds where all are; positions as differences from one after another. */
export function encodeTimes({ times, positions }: TimeColumn, writer: ByteWriter): void {
  const unit = times.every((time) => time % 1000 === 0) ? 1000 : 1;
  writer.number(times.length);
  writer.number(unit);
  let time = 0;
  let next = 0;
  for (let rank = 0; rank < times.length; rank += 1) {
    // Times before 1970 are times too: only the first difference can be negative.
    const difference = ((times[rank] as number) - time) / unit;
    if (rank === 0) {
      writer.signed(difference);
    } else {
      writer.number(difference);
    }
    time = times[rank] as number;
    const position = positions[rank] as number;
    writer.signed(position - next);
    next = position + 1;
  }
}

/** Reads what `encodeTimes` wrote. */
export function decodeTimes(reader: ByteReader): TimeColumn {
  const records = reader.number();
  const unit = reader.number();
  const times = new Float64Array(records);
  const positions = new Float64Array(records);
  let time = 0;
  let next = 0;
  for (let rank = 0; rank < records; rank += 1) {
    time += (rank === 0 ? reader.signed() : reader.number()) * unit;
    const position = next + reader.signed();
    times[rank] = time;
    positions[rank] = position;
    next = position + 1;
  }
  return { times, positions };
}

/** A chunk as a row of its own. */
export function encodeTimeChunk(chunk: TimeColumn): Buffer {
  const writer = new ByteWriter(chunk.times.length * 4 + 32);
  encodeTimes(chunk, writer);
  return writer.bytes();
}

/** A directory as a row of its own. */
export function encodeTimeDirectory({ records, firstTimes }: TimeDirectory): Buffer {
  const writer = new ByteWriter();
  writer.number(records);
  writer.number(firstTimes.length);
  let time = 0;
  for (const first of firstTimes) {
    writer.signed(first - time);
    time = first;
  }
  return writer.bytes();
}

/** Reads what `encodeTimeDirectory` wrote. */
export function decodeTimeDirectory(bytes: Uint8Array): TimeDirectory {
  const reader = new ByteReader(bytes);
  const records = reader.number();
  let time = 0;
  const firstTimes = Array.from({ length: reader.number() }, () => {
    time += reader.signed();
    return time;
  });
  return { records, firstTimes };
}

/** Sorts records by (time, position). @return for each rank, the index that the record had */
export function timeOrder({ times, positions }: TimeColumn): Uint32Array {
  const order = Uint32Array.from({ length: times.length }, (_, index) => index);
  const isSorted = order.every((index) => index === 0 || compare(times, positions, index - 1, index) < 0);
  return isSorted ? order : order.sort((one, other) => compare(times, positions, one, other));
}

function compare(times: Float64Array, positions: Float64Array, one: number, other: number): number {
  return (
    (times[one] as number) - (times[other] as number) ||
    (positions[one] as number) - (positions[other] as number)
  );
}
