import { gunzipSync, gzipSync } from "node:zlib";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";

/** The bucket, as somebody has it who may write to it but has no key. */
export class TamperedBucket {
  readonly #s3: S3Client;
  readonly #bucket: string;
  /** What was there before, by key; null: nothing. */
  readonly #before = new Map<string, StoredBody | null>();

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async keys(prefix: string): Promise<readonly string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#s3.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  async get(key: string): Promise<StoredBody> {
    const { Body, Metadata } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return { body: Buffer.from((await Body?.transformToByteArray()) ?? []), metadata: Metadata ?? {} };
  }

  async put(key: string, body: Buffer, metadata: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#remember(key);
    await this.#write(key, { body, metadata });
  }

  async delete(key: string): Promise<void> {
    await this.#remember(key);
    await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
  }

  /** Takes what is there for what is put back. */
  keep(): void {
    this.#before.clear();
  }

  /** Puts everything back. */
  async restore(): Promise<void> {
    for (const [key, stored] of this.#before) {
      if (stored === null) {
        await this.#s3.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
      } else {
        await this.#write(key, stored);
      }
    }
    this.#before.clear();
  }

  async #remember(key: string): Promise<void> {
    if (!this.#before.has(key)) {
      const isThere = (await this.keys(key)).includes(key);
      this.#before.set(key, isThere ? await this.get(key) : null);
    }
  }

  async #write(key: string, { body, metadata }: StoredBody): Promise<void> {
    await this.#s3.send(
      new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body, Metadata: { ...metadata } }),
    );
  }
}

interface StoredBody {
  readonly body: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Where a tampering is done: in the middle of a trail's digests and log files, oldest first. */
export interface TamperingGround {
  readonly bucket: TamperedBucket;
  readonly digests: readonly string[];
  readonly logFiles: readonly string[];
  /** A digest of another trail, and one of another region. */
  readonly otherTrailDigest: string;
  readonly otherRegionDigest: string;
}

/** Something that is done to a bucket. */
export interface Tampering {
  readonly title: string;
  /** Whether the official CLI finds all of it. */
  readonly foundByOfficialCli: boolean;
  readonly tamper: (ground: TamperingGround) => Promise<void>;
  /** What OpenTrail's command says on standard error. */
  readonly says: readonly RegExp[];
}

const at = (keys: readonly string[], index: number): string => {
  const key = keys[index];
  if (key === undefined) throw new Error(`There is no key ${index} of ${keys.length}`);
  return key;
};

async function replaceBody(
  { bucket }: TamperingGround,
  key: string,
  change: (body: Buffer) => Buffer,
): Promise<void> {
  const { body, metadata } = await bucket.get(key);
  await bucket.put(key, change(body), metadata);
}

async function copyOver({ bucket }: TamperingGround, from: string, to: string): Promise<void> {
  const { body, metadata } = await bucket.get(from);
  await bucket.put(to, body, metadata);
}

function withByteChanged(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}

function withoutFirstRecord(body: Buffer): Buffer {
  const { Records } = JSON.parse(gunzipSync(body).toString());
  return gzipSync(JSON.stringify({ Records: Records.slice(1) }));
}

export const TAMPERINGS: readonly Tampering[] = [
  {
    title: "A log file is deleted",
    foundByOfficialCli: true,
    tamper: ({ bucket, logFiles }) => bucket.delete(at(logFiles, 3)),
    says: [/^Log file\t\S+\tINVALID: not found$/m],
  },
  {
    title: "One byte of a log file is changed",
    foundByOfficialCli: true,
    tamper: (ground) => replaceBody(ground, at(ground.logFiles, 3), withByteChanged),
    says: [/^Log file\t\S+\tINVALID: (invalid format|hash value doesn't match)$/m],
  },
  {
    title: "One byte of the checksum behind a log file is changed",
    foundByOfficialCli: true,
    tamper: (ground) =>
      replaceBody(ground, at(ground.logFiles, 3), (body) => {
        const changed = Buffer.from(body);
        changed[changed.length - 6] = (changed[changed.length - 6] ?? 0) ^ 1;
        return changed;
      }),
    says: [/^Log file\t\S+\tINVALID: invalid format$/m],
  },
  {
    title: "A record is removed from a log file, which is zipped anew",
    foundByOfficialCli: true,
    tamper: (ground) => replaceBody(ground, at(ground.logFiles, 3), withoutFirstRecord),
    says: [/^Log file\t\S+\tINVALID: hash value doesn't match$/m],
  },
  {
    title: "Data is appended to a log file, as a second gzip member",
    foundByOfficialCli: true,
    tamper: (ground) =>
      replaceBody(ground, at(ground.logFiles, 3), (body) => Buffer.concat([body, gzipSync("")])),
    says: [/^Log file\t\S+\tINVALID: unexpected data after end of compressed stream$/m],
  },
  {
    title: "A log file is added",
    foundByOfficialCli: false,
    tamper: async (ground) => {
      const key = at(ground.logFiles, 3);
      const { body } = await ground.bucket.get(key);
      await ground.bucket.put(key.replace(/_\w{16}\.json\.gz$/, "_AddedBySomebody0.json.gz"), body);
    },
    says: [/^Log file\t\S+_AddedBySomebody0\.json\.gz\tINVALID: no digest file lists it$/m],
  },
  {
    title: "Two log files are swapped",
    foundByOfficialCli: true,
    tamper: async (ground) => {
      const [one, other] = [at(ground.logFiles, 3), at(ground.logFiles, 4)];
      const { body } = await ground.bucket.get(one);
      await copyOver(ground, other, one);
      await ground.bucket.put(other, body);
    },
    says: [/(^Log file\t\S+\tINVALID: hash value doesn't match$\s+){2}/m],
  },
  {
    title: "A digest file is deleted",
    foundByOfficialCli: true,
    tamper: ({ bucket, digests }) => bucket.delete(at(digests, 3)),
    says: [/^Digest file\t\S+\tINVALID: not found$/m],
  },
  {
    title: "Two neighbouring digest files are deleted",
    foundByOfficialCli: false,
    tamper: async ({ bucket, digests }) => {
      await bucket.delete(at(digests, 2));
      await bucket.delete(at(digests, 3));
    },
    says: [
      /^Digest file\t\S+\tINVALID: not found$/m,
      /^Digest files\tbetween .*about 1 more may be missing$/m,
    ],
  },
  {
    title: "Two digest files, not neighbours, are deleted",
    foundByOfficialCli: true,
    tamper: async ({ bucket, digests }) => {
      await bucket.delete(at(digests, 1));
      await bucket.delete(at(digests, 3));
    },
    says: [/(^Digest file\t\S+\tINVALID: not found$\s+){2}/m],
  },
  {
    title: "A digest file is changed",
    foundByOfficialCli: true,
    tamper: (ground) =>
      replaceBody(ground, at(ground.digests, 3), (body) => {
        const digest = JSON.parse(gunzipSync(body).toString());
        return gzipSync(JSON.stringify({ ...digest, logFiles: digest.logFiles.slice(1) }));
      }),
    says: [/^Digest file\t\S+\tINVALID: signature verification failed$/m],
  },
  {
    title: "A digest file's signature is changed",
    foundByOfficialCli: true,
    tamper: async ({ bucket, digests }) => {
      const { body, metadata } = await bucket.get(at(digests, 3));
      const signature = (metadata.signature ?? "").replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
      await bucket.put(at(digests, 3), body, { ...metadata, signature });
    },
    says: [/^Digest file\t\S+\tINVALID: signature verification failed$/m],
  },
  {
    title: "A digest file's signature is gone",
    foundByOfficialCli: true,
    tamper: async ({ bucket, digests }) => {
      const { body } = await bucket.get(at(digests, 3));
      await bucket.put(at(digests, 3), body);
    },
    says: [/^Digest file\t\S+\tINVALID: signature verification failed$/m],
  },
  {
    title: "A digest file is replaced by a validly signed one of another region",
    foundByOfficialCli: true,
    tamper: (ground) => copyOver(ground, ground.otherRegionDigest, at(ground.digests, 3)),
    says: [/^Digest file\t\S+\tINVALID: has been moved from its original location$/m],
  },
  {
    title: "A digest file is replaced by a validly signed one of another trail",
    foundByOfficialCli: true,
    tamper: (ground) => copyOver(ground, ground.otherTrailDigest, at(ground.digests, 3)),
    says: [/^Digest file\t\S+\tINVALID: has been moved from its original location$/m],
  },
  {
    title: "A digest file is replaced by an older one of its own trail",
    foundByOfficialCli: true,
    tamper: (ground) => copyOver(ground, at(ground.digests, 2), at(ground.digests, 3)),
    says: [/^Digest file\t\S+\tINVALID: has been moved from its original location$/m],
  },
];
