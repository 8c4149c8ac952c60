import { createPublicKey, hash, type KeyObject } from "node:crypto";

/** A public key as ListPublicKeys gives it: PKCS#1, DER. */
export function pkcs1OfKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: "pkcs1", format: "der" });
}

/** The PKCS#1 form of a key that comes as a SubjectPublicKeyInfo, as KMS gives it. */
export function pkcs1OfSpki(spki: Uint8Array): Buffer {
  return pkcs1OfKey(createPublicKey({ key: Buffer.from(spki), type: "spki", format: "der" }));
}

/** Names a key: the first 32 hex digits of the SHA-256 of its PKCS#1 form. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return hash("sha256", publicKey, "hex").slice(0, 32);
}
