import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isObjectKey, metadataName, pathOfKey } from "../../../../shared/adapters/local/object-path.ts";
import { LocalObjectStore } from "../../../../shared/adapters/local/object-store.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import { BucketNotFound, ObjectExists } from "../../../../shared/ports/object-store.ts";
import { BucketNotEmpty, UnstorableKey } from "../../../../shared/ports/objects.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const NOW = Date.UTC(2026, 0, 1);
const BUCKET = "trail-logs";
const KEY = "AWSLogs/111122223333/file.json.gz";
const SETTINGS = { contentType: "application/json", contentEncoding: "gzip", metadata: { a: "b" } };
const OTHER = { contentType: "text/plain" };
const ALL = { prefix: "", after: "", limit: 1_000 };

describe("local object store", () => {
  const clock = new MemoryClock(NOW);
  let folder: ReturnType<typeof temporaryFolder>;
  let store: LocalObjectStore;

  const open = () => new LocalObjectStore(folder.path, clock);
  const inFolder = (...names: readonly string[]) => path.join(folder.path, ...names);
  const bytesOf = async (key: string, range?: { start: number; end: number }) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(BUCKET, key, range)) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  };
  const keysOf = async (options: Partial<typeof ALL> = {}) =>
    (await store.list(BUCKET, { ...ALL, ...options })).map(({ key }) => key);
  const files = (name: string) =>
    readdirSync(inFolder(name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(inFolder(name), path.join(entry.parentPath, entry.name)));

  beforeEach(async () => {
    folder = temporaryFolder();
    store = open();
    const owner = { accountId: "111122223333", region: "eu-west-1", creationTime: NOW };
    await store.createBucket({ name: BUCKET, ...owner });
  });

  afterEach(() => folder.remove());

  describe("buckets", () => {
    it("buckets and objects are there after a restart", async () => {
      await store.putNew(BUCKET, KEY, Buffer.from("content"), SETTINGS);

      store = open();

      expect(await store.buckets()).toEqual([
        { name: BUCKET, accountId: "111122223333", region: "eu-west-1", creationTime: NOW },
      ]);
      expect(await store.details(BUCKET, KEY)).toEqual({
        size: 7,
        etag: "9a0364b9e99bb480dd25e1f0284c8555",
        lastModified: NOW,
        ...SETTINGS,
      });
      expect(await bytesOf(KEY)).toBe("content");
    });

    it("a bucket that is there is not made anew", async () => {
      const made = await store.createBucket({
        name: BUCKET,
        accountId: "444455556666",
        region: "us-east-1",
        creationTime: NOW + 1,
      });

      expect(made).toBe(false);
      expect(await store.bucket(BUCKET)).toMatchObject({ accountId: "111122223333" });
    });

    it.each(["..", "a/b", "", "A".repeat(3), "a".repeat(64)])("%j makes no bucket", async (name) => {
      const create = store.createBucket({ name, accountId: "1", region: "r", creationTime: 0 });

      await expect(create).rejects.toBeInstanceOf(TypeError);
      await expect(store.details(name, "a")).rejects.toBeInstanceOf(BucketNotFound);
    });

    it("a bucket with objects, or with a put under way, is not deleted", async () => {
      const put = store.putNew(BUCKET, KEY, Buffer.from("content"), SETTINGS);
      await expect(store.deleteBucket(BUCKET)).rejects.toBeInstanceOf(BucketNotEmpty);
      await put;

      await expect(store.deleteBucket(BUCKET)).rejects.toBeInstanceOf(BucketNotEmpty);

      expect(await bytesOf(KEY)).toBe("content");
    });

    it("an empty bucket is deleted with all that was kept of it, and can be made again", async () => {
      await store.putNew(BUCKET, KEY, Buffer.from("content"), SETTINGS);
      await store.delete(BUCKET, KEY);
      await store.deleteBucket(BUCKET);

      store = open();

      expect(await store.bucketExists(BUCKET)).toBe(false);
      expect(existsSync(inFolder("objects", BUCKET))).toBe(false);
      await store.createBucket({ name: BUCKET, accountId: "1", region: "us-east-1", creationTime: 5 });
      expect(await keysOf()).toEqual([]);
    });
  });

  describe("objects", () => {
    it("a plain key is the path of its bytes", async () => {
      await store.putNew(BUCKET, KEY, Buffer.from("content"), SETTINGS);

      expect(readFileSync(inFolder("objects", BUCKET, KEY), "utf8")).toBe("content");
      expect(files("temporary")).toEqual([]);
    });

    it("no key leaves its bucket's folder", async () => {
      const keys = ["../escape", "../../escape", "/escape", "x/..", "a/../../../escape", "..\\escape"];

      for (const key of keys) {
        await store.putNew(BUCKET, key, Buffer.from(key), SETTINGS);
      }

      expect(files(".").filter((file) => file.startsWith("objects"))).toHaveLength(keys.length);
      expect(files(path.join("objects", BUCKET))).toHaveLength(keys.length);
      expect((await keysOf()).sort()).toEqual([...keys].sort());
    });

    it("a range of bytes has both its ends", async () => {
      await store.putNew(BUCKET, KEY, Buffer.from("0123456789"), SETTINGS);

      expect(await bytesOf(KEY, { start: 2, end: 4 })).toBe("234");
    });

    it("an overwritten object has the new bytes and settings, and nothing of the old", async () => {
      await store.put(BUCKET, KEY, Buffer.from("first"), SETTINGS);
      clock.advance(1_000);

      await store.put(BUCKET, KEY, Buffer.from("second"), OTHER);

      expect(await bytesOf(KEY)).toBe("second");
      expect(await store.details(BUCKET, KEY)).toEqual({
        size: 6,
        etag: "a9f0e61a137d86aa9db53465e0801612",
        lastModified: clock.now(),
        contentType: "text/plain",
        metadata: {},
      });
      expect(metadataEntries()).toHaveLength(1);
    });

    it.each([
      ["old one, if the crash came before its bytes took their place", "1st text", SETTINGS],
      ["new one, if the crash came after", "2nd text", OTHER],
    ])("an overwrite that was cut off leaves the %s", async (_title, text, settings) => {
      await store.put(BUCKET, KEY, Buffer.from("1st text"), SETTINGS);
      const [old] = metadataEntries();
      await store.put(BUCKET, KEY, Buffer.from("2nd text"), OTHER);
      const [fresh] = metadataEntries();
      writeFileSync(metadataFile(), JSON.stringify({ key: KEY, entries: [fresh, old] }));
      writeFileSync(inFolder("objects", BUCKET, KEY), text);

      store = open();

      expect(await store.details(BUCKET, KEY)).toMatchObject({ contentType: settings.contentType, size: 8 });
      expect(await store.list(BUCKET, ALL)).toHaveLength(1);
      await store.put(BUCKET, KEY, Buffer.from("3rd"), OTHER);
      expect(metadataEntries()).toHaveLength(1);
    });

    it("a put that was cut off before its bytes took their place left no object and nothing in the way", async () => {
      await store.putNew(BUCKET, "other", Buffer.from("content"), SETTINGS);
      renameSync(inFolder("objects", BUCKET, "other"), inFolder("temporary", "left"));

      store = open();

      expect(await store.details(BUCKET, "other")).toBeUndefined();
      expect(await keysOf()).toEqual([]);
      expect(files("temporary")).toEqual([]);
      await store.putNew(BUCKET, "other", Buffer.from("again"), OTHER);
      expect(await store.details(BUCKET, "other")).toMatchObject({ size: 5, contentType: "text/plain" });
    });

    it("a new object is refused where an overwriting put left one", async () => {
      await store.put(BUCKET, KEY, Buffer.from("x"), SETTINGS);

      const put = store.putNew(BUCKET, KEY, Buffer.from("y"), SETTINGS);

      await expect(put).rejects.toBeInstanceOf(ObjectExists);
    });

    it("a file that somebody put into the folder is an object, with what can be seen of it", async () => {
      mkdirSync(inFolder("objects", BUCKET, "mine"));
      writeFileSync(inFolder("objects", BUCKET, "mine", "notes.txt"), "content");
      writeFileSync(inFolder("objects", BUCKET, "mine", "no:key"), "content");

      expect(await store.details(BUCKET, "mine/notes.txt")).toMatchObject({
        size: 7,
        etag: "9a0364b9e99bb480dd25e1f0284c8555",
        contentType: "binary/octet-stream",
        metadata: {},
      });
      expect(await keysOf()).toEqual(["mine/notes.txt"]);
    });

    it("a log file is what it was when its metadata file is cut short or lost", async () => {
      const logFile = { contentType: "application/json", contentEncoding: "gzip" };
      const key = "AWSLogs/1/CloudTrail/x.json.gz";
      await store.putNew(BUCKET, key, Buffer.from("content"), logFile);
      const before = await store.details(BUCKET, key);
      const metadata = inFolder("object-metadata", BUCKET, metadataName(key));

      for (const lose of [() => writeFileSync(metadata, '{"key":"AW'), () => rmSync(metadata)]) {
        lose();

        expect(await store.details(BUCKET, key)).toMatchObject({
          ...before,
          lastModified: expect.any(Number),
        });
      }
    });

    it("a key below another object's key, and one above, is refused and changes nothing", async () => {
      await store.putNew(BUCKET, "a", Buffer.from("file"), SETTINGS);
      await store.putNew(BUCKET, "b/c", Buffer.from("file"), SETTINGS);

      for (const put of [
        () => store.putNew(BUCKET, "a/b", Buffer.from("x"), SETTINGS),
        () => store.put(BUCKET, "a/b/c", Buffer.from("x"), SETTINGS),
        () => store.putNew(BUCKET, "b", Buffer.from("x"), SETTINGS),
        () => store.put(BUCKET, "b", Buffer.from("x"), SETTINGS),
      ]) {
        await expect(put()).rejects.toBeInstanceOf(UnstorableKey);
      }

      expect(await keysOf()).toEqual(["a", "b/c"]);
      expect(await store.details(BUCKET, "b")).toBeUndefined();
      expect(files("temporary")).toEqual([]);
      await store.delete(BUCKET, "b/c");
      await store.putNew(BUCKET, "b", Buffer.from("x"), SETTINGS);
      expect(await keysOf()).toEqual(["a", "b"]);
    });

    it("a key named like another's metadata file does not touch it", async () => {
      await store.putNew(BUCKET, "a", Buffer.from("1"), SETTINGS);
      await store.putNew(BUCKET, "a.json", Buffer.from("2"), OTHER);
      await store.putNew(BUCKET, "a%.json/b", Buffer.from("3"), OTHER);

      expect(await store.details(BUCKET, "a")).toMatchObject({ contentType: "application/json" });
      expect(await keysOf()).toEqual(["a", "a%.json/b", "a.json"]);
    });

    it("a deleted object leaves neither metadata nor empty folders", async () => {
      await store.putNew(BUCKET, KEY, Buffer.from("content"), SETTINGS);
      await store.putNew(BUCKET, "AWSLogs/keep", Buffer.from("content"), SETTINGS);

      await store.delete(BUCKET, KEY);
      await store.delete(BUCKET, KEY);
      await store.delete(BUCKET, "AWSLogs");

      expect(await store.details(BUCKET, KEY)).toBeUndefined();
      expect(readdirSync(inFolder("objects", BUCKET, "AWSLogs"))).toEqual(["keep"]);
      expect(files("object-metadata")).toEqual([path.join(BUCKET, metadataName("AWSLogs/keep"))]);
      await store.putNew(BUCKET, KEY, Buffer.from("again"), SETTINGS);
    });

    it("puts and deletes in one folder at a time do not take it from each other", async () => {
      const works = Array.from({ length: 60 }, async (_, index) => {
        await store.put(BUCKET, `deep/er/${index % 3}`, Buffer.from("x"), SETTINGS);
        await store.delete(BUCKET, `deep/er/${index % 3}`);
      });

      await Promise.all(works);

      expect(files("objects")).toEqual([]);
    });

    it("a put that the disk has no room for fails, and neither a part of it nor the loss of the old one is seen", async () => {
      await store.put(BUCKET, KEY, Buffer.from("old"), SETTINGS);

      const outcome = await putUnderFileSizeLimit(folder.path);

      expect(outcome).toMatch(/EFBIG/);
      store = open();
      expect(await keysOf()).toEqual([KEY]);
      expect(await bytesOf(KEY)).toBe("old");
      expect(await store.details(BUCKET, KEY)).toMatchObject(SETTINGS);
      expect(files("temporary")).toEqual([]);
    });
  });

  describe("lists", () => {
    it("keys come in the order of their UTF-8 bytes", async () => {
      const keys = [
        "a!",
        "a/b",
        "a0",
        "a",
        "b/1",
        "b!",
        "b",
        "Z",
        "\u{ffff}",
        "\u{1f512}",
        "ü",
        "/x",
        "//x",
        "z/",
      ];
      const stored: string[] = [];
      for (const key of keys.filter((name) => name !== "a" && name !== "b")) {
        await store.putNew(BUCKET, key, Buffer.from("x"), SETTINGS);
        stored.push(key);
      }

      const listed = await keysOf();

      expect(listed).toEqual(stored.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    });

    it("a listing is the keys with the prefix after the mark, in order, for any keys", async () => {
      const segment = fc.oneof(
        fc.constantFrom("a", "b", ".", "..", "%", "", "a!", "a0", "\u{ffff}", "\u{1f512}", "é", "e\u0301"),
        fc.constantFrom(
          "l".repeat(219),
          "l".repeat(220),
          "l".repeat(221),
          `${"l".repeat(220)}!`,
          "l".repeat(300),
        ),
      );
      const key = fc
        .array(segment, { minLength: 1, maxLength: 4 })
        .map((parts) => parts.join("/"))
        .filter(isObjectKey);
      const unique = fc.uniqueArray(key, { minLength: 1, maxLength: 12 });
      let run = 0;

      await fc.assert(
        fc.asyncProperty(unique, fc.oneof(key, fc.constant("")), key, async (keys, prefix, after) => {
          run += 1;
          const name = `run-${run}`;
          await store.createBucket({ name, accountId: "1", region: "r", creationTime: 0 });
          const fitting = keys.filter(
            (one) => !keys.some((other) => one.startsWith(`${other}/`) || other.startsWith(`${one}/`)),
          );
          for (const one of fitting) {
            const file = inFolder("objects", name, ...pathOfKey(one));
            mkdirSync(path.dirname(file), { recursive: true });
            writeFileSync(file, "");
          }

          const listed = await store.list(name, { prefix, after, limit: 5 });

          const bytes = (text: string) => Buffer.from(text);
          const expected = fitting
            .filter((one) => one.startsWith(prefix) && Buffer.compare(bytes(one), bytes(after)) > 0)
            .sort((a, b) => Buffer.compare(bytes(a), bytes(b)))
            .slice(0, 5);
          expect(listed.map((summary) => summary.key)).toEqual(expected);
        }),
        { numRuns: 40 },
      );
    });

    it("a summary tells size, etag and time", async () => {
      await store.putNew(BUCKET, KEY, Buffer.from("content"), SETTINGS);

      expect(await store.list(BUCKET, ALL)).toEqual([
        { key: KEY, size: 7, etag: "9a0364b9e99bb480dd25e1f0284c8555", lastModified: clock.now() },
      ]);
    });
  });

  function metadataFile(): string {
    return inFolder("object-metadata", BUCKET, metadataName(KEY));
  }

  function metadataEntries(): readonly unknown[] {
    return JSON.parse(readFileSync(metadataFile(), "utf8")).entries;
  }
});

/** Puts 1 MiB in a process that may write files of 200 KiB at most, and answers the error: a full disk without root. */
async function putUnderFileSizeLimit(folder: string): Promise<string> {
  const modules = path.join(import.meta.dirname, "../../../../shared/adapters");
  const script = `
    const { LocalObjectStore } = await import(${JSON.stringify(path.join(modules, "local/object-store.ts"))});
    const { systemClock } = await import(${JSON.stringify(path.join(modules, "system-clock.ts"))});
    const store = new LocalObjectStore(${JSON.stringify(folder)}, systemClock);
    try {
      await store.put(${JSON.stringify(BUCKET)}, ${JSON.stringify(KEY)}, Buffer.alloc(1024 * 1024), { contentType: "x" });
      console.log("stored");
    } catch (error) {
      console.log(error.code);
    }`;
  const limited = 'ulimit -f 200; exec "$0" --input-type=module --eval "$1"';
  const { stdout } = await promisify(execFile)("bash", ["-c", limited, process.execPath, script]);
  return stdout;
}
