import type { FileRow, Ledger } from "../ports/ledger.ts";
import { ObjectExists, type ObjectStore } from "../ports/object-store.ts";
import { isVoidObject, VOID_BODY, voidFileSettings, voidSeal } from "./log-file-object.ts";
import { type NotifyPorts, notifyDelivery } from "./notify.ts";

/** What fencing needs. */
export interface FencePorts extends NotifyPorts {
  readonly ledger: Ledger;
  readonly objects: ObjectStore;
}

/** What became of a file: its object was there, or can never be. */
export type FenceOutcome = "settled" | "void";

/**
 * Decides an open file whose lease has ended, once and for all, also against a worker that still believes it
 * holds it: a void object is put under the file's key. If the store takes it, the worker's own put will be
 * refused; if an object is there, its mark says whether it is the log file or somebody's void object. The trail's topic
 * is told of a log file: the worker may have died before it could.
 * @throws what the ports throw; the file is then as it was, and may be fenced again
 */
export async function fenceFile(ports: FencePorts, file: FileRow): Promise<FenceOutcome> {
  const { ledger, objects, clock } = ports;
  const outcome = await occupyKey(objects, file);
  if (outcome === "void") {
    await ledger.voidFile(file.id, voidSeal(clock.now()));
  } else {
    await notifyDelivery(ports, file);
    await ledger.settleFile(file.id);
  }
  return outcome;
}

async function occupyKey(objects: ObjectStore, file: FileRow): Promise<FenceOutcome> {
  try {
    await objects.putNew(file.bucket, file.key, VOID_BODY, voidFileSettings(file));
    return "void";
  } catch (error) {
    if (error instanceof ObjectExists) {
      return inspectObject(objects, file);
    }
    throw error;
  }
}

/** Tells what stands under a file's key after a put was refused because something does. */
export async function inspectObject(objects: ObjectStore, file: FileRow): Promise<FenceOutcome> {
  const head = await objects.head(file.bucket, file.key);
  if (head === undefined) {
    throw new Error(`${file.id} was there, and was deleted before it could be looked at`);
  }
  return isVoidObject(head) ? "void" : "settled";
}
