import { isJsonObject } from "../event/json.ts";
import { eventSubject } from "./event-attributes.ts";

/** What records are compressed against: pieces of records of the same account and region. Kept with the data. */
export interface Dictionary {
  /** From 1. */
  readonly version: number;
  readonly content: Buffer;
}

/** More bytes make each call slower and records hardly smaller. */
const DICTIONARY_BYTES = 32 * 1024;

/** One record shall not be the whole dictionary. */
const BYTES_PER_SAMPLE = 3 * 1024;

/** A new dictionary is made when a partition has so many data items: the first ones know little of what will come. */
const ITEMS_AT_VERSION: readonly number[] = [8, 128, 2_048];

/** Data items that a dictionary is made of. */
export const SAMPLED_ITEMS = 24;

/** Which version of its dictionary a partition should have. @param items data items written so far */
export function dictionaryVersionFor(items: number): number {
  return ITEMS_AT_VERSION.filter((least) => items >= least).length;
}

/** Makes a dictionary of records: one of each kind of event first, then others, until it is full. */
export function makeDictionary(version: number, texts: readonly Buffer[]): Dictionary {
  const kinds = new Map<string, Buffer>();
  const others: Buffer[] = [];
  for (const text of texts) {
    const kind = kindOf(text);
    if (kinds.has(kind)) {
      others.push(text);
    } else {
      kinds.set(kind, text);
    }
  }
  const samples: Buffer[] = [];
  let bytes = 0;
  for (const text of [...kinds.values(), ...others]) {
    const sample = text.subarray(0, Math.min(text.length, BYTES_PER_SAMPLE, DICTIONARY_BYTES - bytes));
    samples.push(sample);
    bytes += sample.length;
  }
  return { version, content: Buffer.concat(samples) };
}

function kindOf(text: Buffer): string {
  const fields: unknown = JSON.parse(text.toString("utf8"));
  const { eventSource, eventName } = isJsonObject(fields) ? eventSubject(fields) : {};
  return `${eventSource} ${eventName}`;
}
