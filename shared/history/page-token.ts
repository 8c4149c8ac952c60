import { createHmac, timingSafeEqual } from "node:crypto";
import type { Cursor } from "./query.ts";

/** Bytes of a token's signature. */
const SIGNATURE_BYTES = 16;

/**
 * A token that says where the next page of a result goes on. It is signed, and good for its own query alone.
 * @param query everything that the next call must repeat, in one text
 */
export function pageToken(secret: Buffer, query: string, { time, partition, position }: Cursor): string {
  const place = Buffer.from(JSON.stringify([time, partition, position]));
  return Buffer.concat([sign(secret, query, place), place]).toString("base64url");
}

/** The place that a token names; undefined if it is not one of ours, or of another query. */
export function readPageToken(secret: Buffer, query: string, token: string): Cursor | undefined {
  const bytes = Buffer.from(token, "base64url");
  const place = bytes.subarray(SIGNATURE_BYTES);
  const isOurs =
    bytes.length > SIGNATURE_BYTES &&
    bytes.toString("base64url") === token &&
    timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), sign(secret, query, place));
  if (!isOurs) {
    return undefined;
  }
  const [time, partition, position] = JSON.parse(place.toString()) as [number, number, number];
  return { time, partition, position };
}

function sign(secret: Buffer, query: string, place: Buffer): Buffer {
  const signature = createHmac("sha256", secret).update(`${query}\n`).update(place).digest();
  return signature.subarray(0, SIGNATURE_BYTES);
}
