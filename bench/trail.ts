import type { ObjectHead, ObjectSettings, ObjectStore } from "../shared/ports/object-store.ts";
import type { Trail } from "../shared/trail/trail.ts";
import { EVERYTHING } from "../test/support/everything.ts";

export const ACCOUNT_ID = "111122223333";
export const BUCKET = "bench-logs";

/** A logging all-region trail that takes every record. */
export function everythingTrail(): Trail {
  return {
    trailArn: `arn:aws:cloudtrail:us-east-1:${ACCOUNT_ID}:trail/bench`,
    accountId: ACCOUNT_ID,
    homeRegion: "us-east-1",
    name: "bench",
    s3BucketName: BUCKET,
    isMultiRegionTrail: true,
    includeGlobalServiceEvents: true,
    logFileValidationEnabled: true,
    selection: EVERYTHING,
    isLogging: true,
    createdAt: 0,
  };
}

/** A store that keeps the bodies, by itself or before another one. */
export class KeptObjects implements ObjectStore {
  readonly bodies: Buffer[] = [];
  #behind: ObjectStore | undefined;

  before(store: ObjectStore): this {
    this.#behind = store;
    return this;
  }

  async putNew(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void> {
    this.bodies.push(Buffer.from(body));
    await this.#behind?.putNew(bucket, key, body, settings);
  }

  async head(bucket: string, key: string): Promise<ObjectHead | undefined> {
    return this.#behind?.head(bucket, key);
  }

  async bucketExists(): Promise<boolean> {
    return true;
  }
}
