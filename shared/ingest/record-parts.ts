import { type SlicedRecord, UnreadableInput } from "./record-splitter.ts";

/** Records of a file that are taken in together. */
export interface RecordPart {
  readonly texts: readonly Buffer[];
  /** Whether the file ends with it. The last part may have no records. */
  readonly isLast: boolean;
}

/** What ingest packs into one block. */
const PART_BYTES = 4 * 1024 * 1024;
const PART_RECORDS = 5_000;

/**
 * Collects a file's records into parts. What stands before the place where the file becomes unreadable is a part
 * still.
 * @param from the position of the first record that is wanted
 * @throws UnreadableInput, and whatever reading throws
 */
export async function* recordParts(
  records: AsyncIterable<readonly SlicedRecord[]>,
  from: number,
): AsyncGenerator<RecordPart> {
  let texts: Buffer[] = [];
  let bytes = 0;
  let position = 0;
  let broken: UnreadableInput | undefined;
  try {
    for await (const slices of records) {
      for (const { text } of slices) {
        position += 1;
        if (position <= from) continue;
        if (texts.length >= PART_RECORDS || (texts.length > 0 && bytes + text.length > PART_BYTES)) {
          yield { texts, isLast: false };
          texts = [];
          bytes = 0;
        }
        texts.push(text);
        bytes += text.length;
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error;
    broken = error;
  }
  if (broken === undefined) {
    yield { texts, isLast: true };
    return;
  }
  if (texts.length > 0) yield { texts, isLast: false };
  throw broken;
}
