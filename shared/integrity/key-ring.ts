import type { PublicSigningKey } from "../ports/signing-keys.ts";

/** A digest ends shortly before it is signed, and a digest that is asked for by its end needs its key then. */
const BEFORE_FIRST_USE_MS = 60 * 60_000;

/** What was begun with a key when it was replaced may still be signed with it. */
const AFTER_REPLACEMENT_MS = 60 * 60_000;

/** How long a key is used, in ms, where nothing else is set: 90 days. */
export const DEFAULT_KEY_AGE_MS = 90 * 24 * 60 * 60_000;

/** The validity of a key that is made now. */
export function newValidity(
  now: number,
  maxAgeMs: number,
): Pick<PublicSigningKey, "validFrom" | "validUntil"> {
  return { validFrom: now - BEFORE_FIRST_USE_MS, validUntil: now + maxAgeMs };
}

/** When a key that is replaced now ends to be valid. */
export function replacedUntil({ validUntil }: Pick<PublicSigningKey, "validUntil">, now: number): number {
  return Math.min(validUntil, now + AFTER_REPLACEMENT_MS);
}

/** Whether the key's validity overlaps the time range, both ends included. */
export function isValidWithin(key: PublicSigningKey, from: number, until: number): boolean {
  return key.validFrom <= until && key.validUntil >= from;
}
