import { importName } from "../ingest/import-name.ts";
import type { Ingest } from "../ingest/ingest.ts";
import { type OwnArns, type OwnCallTest, ownCallTestsOf } from "../ingest/own-call.ts";
import { readSourceKey } from "../ingest/source-key.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImportLease, ImportProgress, ImportStore } from "../ports/import-store.ts";
import { durableAnswer, readBulkBody } from "./bulk-records.ts";
import type { ApiRequest, ApiResponse, Caller, Service } from "./http.ts";
import { json, problem } from "./json-answer.ts";
import type { ImportPartReport, ImportReport } from "./records.ts";

/** What the import pages need. */
export interface ImportPagesParts {
  readonly ingest: Ingest;
  readonly imports: ImportStore;
  readonly clock: Clock;
  /** What the stack owns, whose calls are left out; undefined: they are taken. */
  readonly own: OwnArns | undefined;
  /** Told why records could not be made durable. */
  readonly reportFailure: (error: unknown) => void;
}

/** A part of a log file, as a request's query names it. */
interface FilePart {
  readonly bucket: string;
  readonly key: string;
  /** What the import store calls the file. */
  readonly file: string;
  readonly accountId: string;
  /** Position in the file of the body's first record. */
  readonly first: number;
  /** Records right before it that the client refused by itself. */
  readonly refused: number;
  readonly isLast: boolean;
}

/** Longer than a request takes. */
const LEASE_MS = 2 * 60_000;
const RETRY_AFTER_SECONDS = 5;

/** S3's limits, and room for any store's ETags. */
const MAX_LENGTHS = { bucket: 63, key: 1024, etag: 128 } as const;

/**
 * `/_opentrail/imports?bucket=…&key=…&etag=…`: log files that a client reads and sends part by part, and that are
 * imported once, whoever brings them: this call or the source that S3 notifies.
 *
 * - `GET`: how far the import of the file has come.
 * - `POST …&first=N[&refused=R][&last=true]`: takes the records from position N of the file on, in a body as that of
 *   `/_opentrail/records`. Those that were imported before are passed over. R records before N are given up by the
 *   client; `last` says that the file ends with this part. Parts come in order.
 *
 * Records go to the account that the key names; where it is not the caller's, the caller's key must be allowed to import,
 * as it must for records that name another recipient account.
 * They are kept (log files, log groups, history) and not emitted on the event bus: no rule is to act on old records.
 * 400 for a bad query or body; 403 for somebody else's account; 409 with the code `ImportBusy` while another imports the
 * file, `PartMissing` where records before N were never sent; 413, 415 and 503 as the bulk call.
 */
export function makeImportPages(parts: ImportPagesParts): Service {
  const ownCallTestOf = ownCallTestsOf(parts.own);
  return async (request, caller) => {
    const part = readPart(request.query, caller);
    if ("status" in part) return part;
    if (request.method === "GET") return json(200, await progressOf(parts.imports, part.file));
    const records = await readBulkBody(request);
    if (!Array.isArray(records)) return records;
    return durableAnswer(parts.reportFailure, () =>
      takePart(parts, {
        ...part,
        records,
        owner: caller.requestId,
        mayImport: caller.mayImport,
        leaveOut: ownCallTestOf(part.bucket),
      }),
    );
  };
}

async function progressOf(imports: ImportStore, file: string): Promise<ImportReport> {
  return (await imports.read(file)) ?? { records: 0, refused: 0, isComplete: false };
}

interface PartRequest extends FilePart {
  readonly records: readonly Buffer[];
  readonly owner: string;
  readonly mayImport: boolean;
  readonly leaveOut: OwnCallTest;
}

async function takePart(
  { ingest, imports, clock }: ImportPagesParts,
  { file, accountId, first, refused, isLast, records, owner, mayImport, leaveOut }: PartRequest,
): Promise<ApiResponse> {
  const leaseFor = (ms: number): ImportLease => ({ owner, until: clock.now() + ms });
  const claim = await imports.claim(file, leaseFor(LEASE_MS));
  const nothing = { accepted: 0, rejected: [], leftOut: 0, accountId };
  if (claim.outcome === "imported") {
    return json(200, { ...nothing, importedBefore: records.length } satisfies ImportPartReport);
  }
  if (claim.outcome === "busy") {
    return problem(409, "ImportBusy", "The log file is being imported by somebody else", {
      "retry-after": String(RETRY_AFTER_SECONDS),
    });
  }
  let { progress } = claim;
  // Free for the next part. Where it was taken over meanwhile, the other one goes on.
  const free = () => imports.note(file, leaseFor(0), progress);
  try {
    if (first - refused > progress.records) {
      const message = `The file's records from ${progress.records} on were not sent, and this part begins at ${first}`;
      await free();
      return problem(409, "PartMissing", message);
    }
    const importedBefore = Math.min(Math.max(progress.records - first, 0), records.length);
    const {
      accepted,
      rejected,
      leftOut = 0,
    } = await ingest({
      accountId,
      origin: "log-file",
      records: records.slice(importedBefore),
      mayImport,
      leaveOut,
    });
    progress = progressAfter(progress, { first, refused, isLast }, records.length, rejected.length);
    await free();
    const report: ImportPartReport = {
      ...nothing,
      accepted,
      rejected: rejected.map(({ index, ...why }) => ({ index: index + importedBefore, ...why })),
      leftOut,
      importedBefore,
    };
    return json(200, report);
  } catch (error) {
    // What went wrong first is what the client is told. Where even this fails, the next attempt waits for the lease.
    await free().catch(() => false);
    throw error;
  }
}

function progressAfter(
  before: ImportProgress,
  { first, refused, isLast }: Pick<FilePart, "first" | "refused" | "isLast">,
  sent: number,
  rejected: number,
): ImportProgress {
  const givenUp = Math.min(Math.max(first - before.records, 0), refused);
  return {
    records: Math.max(before.records, first + sent),
    refused: before.refused + givenUp + rejected,
    isComplete: isLast,
  };
}

function readPart(query: ApiRequest["query"], caller: Caller): FilePart | ApiResponse {
  const { bucket, key, etag } = {
    bucket: text(query, "bucket"),
    key: text(query, "key"),
    etag: text(query, "etag"),
  };
  const first = Number(query.get("first") ?? 0);
  const refused = Number(query.get("refused") ?? 0);
  if (bucket === undefined || key === undefined || etag === undefined) {
    return problem(
      400,
      "InvalidImport",
      `bucket, key and etag are needed, of at most ${Object.values(MAX_LENGTHS).join(", ")} characters`,
    );
  }
  if (![first, refused].every((number) => Number.isSafeInteger(number) && number >= 0) || refused > first) {
    return problem(
      400,
      "InvalidImport",
      "first and refused are whole numbers, and refused is not above first",
    );
  }
  const accountId = readSourceKey(key)?.accountId ?? caller.accountId;
  if (accountId !== caller.accountId && !caller.mayImport) {
    return problem(
      403,
      "AccessDenied",
      `The log file is of account ${accountId}: importing it needs a key with "import": true`,
    );
  }
  const isLast = query.get("last") === "true";
  return { bucket, key, file: importName({ bucket, key, etag }), accountId, first, refused, isLast };
}

function text(query: ApiRequest["query"], name: keyof typeof MAX_LENGTHS): string | undefined {
  const value = query.get(name) ?? "";
  return value !== "" && value.length <= MAX_LENGTHS[name] ? value : undefined;
}
