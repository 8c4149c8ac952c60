import type { BufferPool } from "../bytes/buffer-pool.ts";
import { releaseMemory } from "../bytes/release-memory.ts";
import type { FileRow } from "../ports/ledger.ts";
import { BucketAccessDenied, BucketNotFound, ObjectExists } from "../ports/object-store.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { composeLogFile, logFileLength, sealLogFile } from "./compose.ts";
import { type FencePorts, inspectObject } from "./fence.ts";
import { logFileKey } from "./log-file-key.ts";
import { logFileSettings } from "./log-file-object.ts";
import type { LogFilePlan } from "./log-file-plan.ts";
import { notifyDelivery } from "./notify.ts";
import type { Part } from "./part.ts";
import { reportS3Delivery } from "./s3-status.ts";

/** What writing a log file needs. */
export interface LogFileWriter extends FencePorts {
  /** How long a claim holds, in milliseconds: longer than writing a file takes. */
  readonly leaseMs: number;
  /** Content → one gzip member. */
  readonly compress: (content: Buffer) => Promise<Buffer>;
  /** The last part of a new file's name. */
  readonly suffix: () => string;
  /** Bounds the content of all files that are being made at the same time. */
  readonly contentBudget: ByteBudget;
  /** Where contents are made. */
  readonly contents: BufferPool;
}

/**
 * Claims the parts of one log file and delivers those that it won: row, claims, seal, object, notification,
 * settled, in this order, so that whoever comes after a crash finds out from row and object how far it came.
 * @returns the parts that are in the bucket now; somebody else has the others
 * @throws what the ports throw; the file is then left to its lease, or released if it was certainly not written
 */
export async function writeLogFile(writer: LogFileWriter, plan: LogFilePlan): Promise<readonly Part[]> {
  const { ledger } = writer;
  const file = newFile(writer, plan);
  await ledger.openFile(file);
  const won = await ledger.claimParts(
    file.id,
    plan.claims.map(({ part, insteadOf }) => ({ partId: part.id, ...(insteadOf && { insteadOf }) })),
  );
  const parts = plan.claims.map(({ part }) => part).filter(({ id }) => won.has(id));
  if (parts.length === 0) {
    await releaseUnwritten(writer, file);
    return [];
  }
  const body = await sealAndCompress(writer, file, parts);
  const state = body && (await putFile(writer, file, body).finally(() => releaseMemory(body)));
  if (state !== "settled") {
    return [];
  }
  await notifyDelivery(writer, file);
  await Promise.all([ledger.settleFile(file.id), reportS3Delivery(writer, file.trailArn)]);
  return parts;
}

function newFile({ clock, leaseMs, suffix }: LogFileWriter, { destination, group }: LogFilePlan): FileRow {
  const now = clock.now();
  const bucket = destination.s3BucketName;
  const key = logFileKey(destination, group, now, suffix());
  const { s3KeyPrefix, organizationId, kmsKeyId, snsTopicArn, logFileValidationEnabled } = destination;
  return {
    id: `${bucket}/${key}`,
    bucket,
    key,
    trailArn: destination.trailArn,
    ...group,
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    ...(snsTopicArn !== undefined && { snsTopicArn }),
    ...(logFileValidationEnabled && {
      digestFolder: {
        ...(s3KeyPrefix !== undefined && { s3KeyPrefix }),
        ...(organizationId !== undefined && { organizationId }),
      },
    }),
    state: "open",
    leaseUntil: now + leaseMs,
  };
}

/** The body of the sealed file, or undefined if somebody fenced it meanwhile. */
async function sealAndCompress(
  { ledger, compress, contentBudget, contents }: LogFileWriter,
  file: FileRow,
  parts: readonly Part[],
): Promise<Buffer | undefined> {
  const bytes = logFileLength(parts);
  return contentBudget.hold(bytes, () =>
    contents.lend(bytes, async (content) => {
      composeLogFile(parts, content);
      const isOpen = await ledger.sealFile(file.id, sealLogFile(content, parts));
      return isOpen ? compress(content) : undefined;
    }),
  );
}

/** Puts the object. It may be there already, if an earlier try within the put got through: then it is ours. */
async function putFile(writer: LogFileWriter, file: FileRow, body: Buffer): Promise<"settled" | "void"> {
  try {
    await writer.objects.putNew(file.bucket, file.key, body, logFileSettings(file));
    return "settled";
  } catch (error) {
    if (error instanceof ObjectExists) {
      return inspectObject(writer.objects, file);
    }
    if (error instanceof BucketNotFound || error instanceof BucketAccessDenied) {
      await releaseUnwritten(writer, file);
    }
    await reportS3Delivery(writer, file.trailArn, error);
    throw error;
  }
}

/**
 * Gives the file's parts back at once. Once the lease has ended that is not ours to do any more: somebody may
 * be fencing the file. A release that fails is no loss: the lease ends some time.
 */
async function releaseUnwritten({ ledger, clock }: LogFileWriter, file: FileRow): Promise<void> {
  if (clock.now() < file.leaseUntil) {
    await ledger.releaseFile(file.id).catch(() => undefined);
  }
}
