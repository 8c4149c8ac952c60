import { createPublicKey, hash, type KeyObject } from "node:crypto";

/** The public half of a private key as ListPublicKeys gives it: PKCS#1, DER. */
export function pkcs1OfKey(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ type: "pkcs1", format: "der" });
}

/** The PKCS#1 form of a key that comes as a SubjectPublicKeyInfo, as KMS gives it. */
export function pkcs1OfSpki(spki: Uint8Array): Buffer {
  const key = createPublicKey({ key: Buffer.from(spki), type: "spki", format: "der" });
  return key.export({ type: "pkcs1", format: "der" });
}

/** Names a key: the first 32 hex digits of the SHA-256 of its PKCS#1 form. */
export function fingerprintOf(publicKey: Uint8Array): string {
  return hash("sha256", publicKey, "hex").slice(0, 32);
}
