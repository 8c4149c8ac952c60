import { createHash } from "node:crypto";
import { type SourceFile, SourceFileNotFound, type SourceFiles } from "../../shared/ports/source-files.ts";

/** Log files in memory, and what was done with them. */
export class FakeSourceFiles implements SourceFiles {
  /** Files that were opened and neither read nor given up. */
  unclosed = 0;
  /** Keys whose bytes were asked for. */
  readonly read: string[] = [];
  /** Bytes that came from the reader's view, by the chunk. */
  chunkBytes = 64 * 1024;
  readonly #files = new Map<string, { readonly content: Buffer; readonly changes: Partial<SourceFile> }>();

  put(bucket: string, key: string, content: Buffer, changes: Partial<SourceFile> = {}): void {
    this.#files.set(`${bucket}/${key}`, { content, changes });
  }

  async open(bucket: string, key: string): Promise<SourceFile> {
    const file = this.#files.get(`${bucket}/${key}`);
    if (file === undefined) throw new SourceFileNotFound(`NoSuchKey: there is no s3://${bucket}/${key}`);
    this.unclosed += 1;
    return {
      etag: createHash("md5").update(file.content).digest("hex"),
      size: file.content.length,
      isOwn: false,
      bytes: () => {
        this.unclosed -= 1;
        this.read.push(key);
        return this.#chunks(file.content);
      },
      discard: () => {
        this.unclosed -= 1;
      },
      ...file.changes,
    };
  }

  async *#chunks(content: Buffer): AsyncGenerator<Buffer> {
    for (let at = 0; at < content.length; at += this.chunkBytes) {
      yield content.subarray(at, at + this.chunkBytes);
    }
  }
}
