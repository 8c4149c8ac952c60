/** The public half of a key that digests of a region are signed with. Times in ms since the epoch. */
export interface PublicSigningKey {
  readonly region: string;
  /** 32 hex digits. */
  readonly fingerprint: string;
  /** PKCS#1, DER. */
  readonly publicKey: Buffer;
  readonly validFrom: number;
  readonly validUntil: number;
}

/** The RSA keys that digest files are signed with. */
export interface SigningKeys {
  /** The key that digests of the region are signed with now; it is made on first use, and when the one before is too old. */
  current(region: string): Promise<PublicSigningKey>;
  /** Signs with RSASSA-PKCS1-v1_5 and SHA-256. @throws Error if the key has been replaced since */
  sign(key: PublicSigningKey, text: Uint8Array): Promise<Buffer>;
  /** The region's keys whose validity overlaps the time range, both ends included; those that are out of use too. */
  list(region: string, from: number, until: number): Promise<readonly PublicSigningKey[]>;
  /** All keys of all regions. */
  all(): Promise<readonly PublicSigningKey[]>;
  /** Makes a new key for the region, and signs with the old one no more. */
  rotate(region: string): Promise<PublicSigningKey>;
}
