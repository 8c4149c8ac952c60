import type { FileRow, FileSeal, Ledger, PartClaim } from "../../ports/ledger.ts";

/** A ledger that lives as long as the process. Every method takes effect at once, when it is called. */
export class MemoryLedger implements Ledger {
  readonly #files = new Map<string, FileRow>();
  /** Part id → id of the file that the part is in. */
  readonly #parts = new Map<string, string>();

  /** Every row, in the order in which the files were opened. */
  get files(): readonly FileRow[] {
    return [...this.#files.values()];
  }

  /** Part ids with the id of the file that each is in. */
  get parts(): ReadonlyMap<string, string> {
    return this.#parts;
  }

  async filesOfParts(partIds: readonly string[]): Promise<ReadonlyMap<string, FileRow>> {
    const rows = new Map<string, FileRow>();
    for (const partId of partIds) {
      const file = this.#files.get(this.#parts.get(partId) ?? "");
      if (file !== undefined) {
        rows.set(partId, file);
      }
    }
    return rows;
  }

  async openFile(file: FileRow): Promise<void> {
    this.#files.set(file.id, { ...file, state: "open" });
  }

  async claimParts(fileId: string, claims: readonly PartClaim[]): Promise<ReadonlySet<string>> {
    const won = claims.filter(({ partId, insteadOf }) => this.#parts.get(partId) === insteadOf);
    for (const { partId } of won) {
      this.#parts.set(partId, fileId);
    }
    return new Set(won.map(({ partId }) => partId));
  }

  async sealFile(fileId: string, seal: FileSeal): Promise<boolean> {
    return this.#changeOpen(fileId, { seal });
  }

  async settleFile(fileId: string): Promise<void> {
    this.#changeOpen(fileId, { state: "settled" });
  }

  async voidFile(fileId: string, seal: FileSeal): Promise<void> {
    this.#changeOpen(fileId, { state: "void", seal });
  }

  async releaseFile(fileId: string): Promise<void> {
    if (this.#files.get(fileId)?.state !== "open") {
      return;
    }
    this.forget(fileId);
  }

  async expiredFiles(now: number, limit: number): Promise<readonly FileRow[]> {
    return this.files
      .filter(({ state, leaseUntil }) => state === "open" && leaseUntil <= now)
      .slice(0, limit);
  }

  /** Removes a file, whatever its state, with its parts. */
  forget(fileId: string): void {
    this.#files.delete(fileId);
    for (const [partId, file] of this.#parts) {
      if (file === fileId) {
        this.#parts.delete(partId);
      }
    }
  }

  #changeOpen(fileId: string, change: Partial<FileRow>): boolean {
    const file = this.#files.get(fileId);
    if (file?.state !== "open") {
      return false;
    }
    this.#files.set(fileId, { ...file, ...change });
    return true;
  }
}
