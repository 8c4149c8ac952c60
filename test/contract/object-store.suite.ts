import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  BucketNotFound,
  ObjectExists,
  type ObjectSettings,
  type ObjectStore,
} from "../../shared/ports/object-store.ts";

/** A store with one empty bucket. */
export interface ObjectStoreFixture {
  readonly objects: ObjectStore;
  readonly bucket: string;
  close(): Promise<void>;
}

/** What every ObjectStore does. */
export function describeObjectStoreContract(name: string, make: () => Promise<ObjectStoreFixture>): void {
  describe(`object store: ${name}`, () => {
    let fixture: ObjectStoreFixture;
    let objects: ObjectStore;
    let bucket: string;

    beforeEach(async () => {
      fixture = await make();
      ({ objects, bucket } = fixture);
    });

    afterEach(() => fixture.close());

    it("a new object has the size of its bytes and the metadata that was put with it", async () => {
      await objects.putNew(bucket, KEY, Buffer.from("content"), SETTINGS);

      expect(await objects.head(bucket, KEY)).toMatchObject({ size: 7, metadata: { kind: "management" } });
    });

    it("an object without metadata answers with none", async () => {
      await objects.putNew(bucket, KEY, Buffer.alloc(0), { contentType: "application/json" });

      expect(await objects.head(bucket, KEY)).toMatchObject({ size: 0, metadata: {} });
    });

    it("a key that has an object keeps it", async () => {
      await objects.putNew(bucket, KEY, Buffer.from("first"), SETTINGS);

      const second = objects.putNew(bucket, KEY, Buffer.from("second one"), {
        ...SETTINGS,
        metadata: { kind: "void" },
      });

      await expect(second).rejects.toBeInstanceOf(ObjectExists);
      expect(await objects.head(bucket, KEY)).toMatchObject({ size: 5, metadata: { kind: "management" } });
    });

    it("of several puts of one key at a time, one succeeds and the others find it there", async () => {
      const puts = await Promise.allSettled(
        [1, 2, 3, 4, 5].map((size) => objects.putNew(bucket, KEY, Buffer.alloc(size), SETTINGS)),
      );

      const winners = puts.flatMap(({ status }, index) => (status === "fulfilled" ? [index + 1] : []));
      expect(winners).toHaveLength(1);
      for (const put of puts.filter(({ status }) => status === "rejected")) {
        expect(put).toMatchObject({ reason: expect.any(ObjectExists) });
      }
      expect(await objects.head(bucket, KEY)).toMatchObject({ size: winners[0] });
    });

    it("a key without an object has no head, also where a longer key has one", async () => {
      await objects.putNew(bucket, KEY, Buffer.from("content"), SETTINGS);

      expect(await objects.head(bucket, "AWSLogs")).toBeUndefined();
      expect(await objects.head(bucket, `${KEY}.sig`)).toBeUndefined();
    });

    it("a bucket that is not there takes nothing and says so", async () => {
      const missing = "no-such-bucket-opentrail";

      await expect(objects.putNew(missing, KEY, Buffer.from("x"), SETTINGS)).rejects.toBeInstanceOf(
        BucketNotFound,
      );
      await expect(objects.head(missing, KEY)).rejects.toBeInstanceOf(BucketNotFound);
      expect(await objects.bucketExists(missing)).toBe(false);
      expect(await objects.bucketExists(bucket)).toBe(true);
    });

    it("keys of unusual characters each have their own object", async () => {
      const keys = ["a b+c", "a%20b", "ünïcode/Ω", "../up", "a//b", "end/", ".", "con", 'x:y*?"<>|\\'];

      for (const [index, key] of keys.entries()) {
        await objects.putNew(bucket, key, Buffer.alloc(index), SETTINGS);
      }

      for (const [index, key] of keys.entries()) {
        expect(await objects.head(bucket, key)).toMatchObject({ size: index });
      }
    });
  });
}

const KEY = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/01/file.json.gz";
const SETTINGS: ObjectSettings = {
  contentType: "application/json",
  contentEncoding: "gzip",
  metadata: { kind: "management" },
};
