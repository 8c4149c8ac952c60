import type { PublicSigningKey } from "../ports/signing-keys.ts";

/** A key in a file of public keys, and in the answer to `GET /_opentrail/public-keys`. Times are ISO 8601. */
export interface ExportedKey {
  readonly Region: string;
  readonly Fingerprint: string;
  /** Base64 of PKCS#1 DER, as in ListPublicKeys. */
  readonly Value: string;
  readonly ValidityStartTime: string;
  readonly ValidityEndTime: string;
}

/** What `opentrail public-keys export` writes. The list is named as in ListPublicKeys. */
export interface ExportedKeys {
  readonly PublicKeyList: readonly ExportedKey[];
}

/** A key in the form in which it is exported. */
export function exportedKey(key: PublicSigningKey): ExportedKey {
  return {
    Region: key.region,
    Fingerprint: key.fingerprint,
    Value: key.publicKey.toString("base64"),
    ValidityStartTime: new Date(key.validFrom).toISOString(),
    ValidityEndTime: new Date(key.validUntil).toISOString(),
  };
}
