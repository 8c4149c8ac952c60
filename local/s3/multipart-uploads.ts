import { createHash, randomUUID } from "node:crypto";
import type { ObjectSettings } from "../../shared/ports/object-store.ts";
import { s3Error } from "./s3-error.ts";

/** A part of an upload, as CompleteMultipartUpload names it. */
export interface PartReference {
  readonly partNumber: number;
  /** Without the quotes. */
  readonly etag: string;
}

interface Part {
  readonly content: Buffer;
  readonly etag: string;
}

interface Upload {
  readonly target: string;
  readonly settings: ObjectSettings;
  readonly parts: Map<number, Part>;
}

/** No part but the last may be smaller. */
const SMALLEST_PART = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

/**
 * Uploads in parts that are not complete yet. They are kept in memory: an upload does not outlive the host, and where
 * all of them together outgrow the limit, the one that was longest untouched is dropped. Each method but `create`
 * throws NoSuchUpload where there is no upload of that id for the bucket and key.
 */
export class MultipartUploads {
  readonly #limit: number;
  /** The longest untouched first. */
  readonly #uploads = new Map<string, Upload>();

  /** @param limit bytes that all parts together may take */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The id of a new upload. */
  create(bucket: string, key: string, settings: ObjectSettings): string {
    const id = randomUUID();
    this.#uploads.set(id, { target: `${bucket}/${key}`, settings, parts: new Map() });
    return id;
  }

  /**
   * Takes a part, in place of the one with its number if there is one, and gives its ETag, without the quotes.
   * @throws InvalidArgument, EntityTooLarge where the upload alone outgrows the limit
   */
  putPart(id: string, bucket: string, key: string, partNumber: number, content: Buffer): string {
    const upload = this.#find(id, bucket, key);
    if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > MOST_PARTS) {
      throw s3Error("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
    }

    this.#uploads.delete(id);
    this.#uploads.set(id, upload);
    const etag = createHash("md5").update(content).digest("hex");
    const replaced = upload.parts.get(partNumber);
    upload.parts.set(partNumber, { content, etag });
    try {
      this.#makeRoom(upload);
    } catch (error) {
      if (replaced === undefined) upload.parts.delete(partNumber);
      else upload.parts.set(partNumber, replaced);
      throw error;
    }
    return etag;
  }

  /**
   * The object that the named parts make, and its settings. The upload stays until it is removed.
   * @throws InvalidPart, InvalidPartOrder, EntityTooSmall
   */
  assemble(
    id: string,
    bucket: string,
    key: string,
    references: readonly PartReference[],
  ): { readonly content: Buffer; readonly settings: ObjectSettings } {
    const { parts, settings } = this.#find(id, bucket, key);
    const contents = references.map(({ partNumber, etag }, index) => {
      const part = parts.get(partNumber);
      if (part?.etag !== etag) {
        throw s3Error("InvalidPart");
      }
      if (partNumber <= (references[index - 1]?.partNumber ?? 0)) {
        throw s3Error("InvalidPartOrder");
      }
      if (part.content.length < SMALLEST_PART && index < references.length - 1) {
        throw s3Error("EntityTooSmall");
      }
      return part.content;
    });
    return { content: Buffer.concat(contents), settings };
  }

  /** Forgets the upload and its parts. */
  remove(id: string, bucket: string, key: string): void {
    this.#find(id, bucket, key);
    this.#uploads.delete(id);
  }

  #find(id: string, bucket: string, key: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.target !== `${bucket}/${key}`) {
      throw s3Error("NoSuchUpload");
    }
    return upload;
  }

  #makeRoom(forUpload: Upload): void {
    if (bytesOf(forUpload) > this.#limit) {
      throw s3Error("EntityTooLarge");
    }
    let total = [...this.#uploads.values()].reduce((sum, upload) => sum + bytesOf(upload), 0);
    for (const [id, upload] of this.#uploads) {
      if (total <= this.#limit) {
        return;
      }
      if (upload !== forUpload) {
        this.#uploads.delete(id);
        total -= bytesOf(upload);
      }
    }
  }
}

function bytesOf({ parts }: Upload): number {
  return [...parts.values()].reduce((sum, { content }) => sum + content.length, 0);
}
