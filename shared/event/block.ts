import type { TrailDestination } from "../trail/trail.ts";
import type { RecordKind } from "./record.ts";

/**
 * Where the records of a block came from. What came from EventBridge is not emitted on it again, and what came from a
 * log file is only kept: its account's default bus had it when it happened.
 */
export type BlockOrigin = "api" | "eventbridge" | "log-file";

/** The records of a block that share a folder: those of one recipient account, region and kind. */
export interface RecordGroup {
  readonly recipientAccountId: string;
  readonly awsRegion: string;
  readonly kind: RecordKind;
}

/** One line of the routing slip: a trail that wants records of the block, as the trail was at acceptance. */
export interface RoutedTrail {
  readonly destination: TrailDestination;
  /** Which records it wants: ranges [first, count, first, count, …] of positions in the block, ascending. */
  readonly positions: readonly number[];
}

/**
 * Records of one call, packed, with the list of the trails that want them. A block is what the activity
 * topic carries and what is redelivered as a whole.
 */
export interface ActivityBlock {
  /** 32 hex digits of the SHA-256 of the block's content. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  /** The caller's account: whose trails and history the records go to. */
  readonly accountId: string;
  readonly origin: BlockOrigin;
  readonly groups: readonly RecordGroup[];
  /** A column entry a record: index into `groups`. */
  readonly groupOf: readonly number[];
  /** A column entry a record: milliseconds since the epoch. */
  readonly eventTimes: readonly number[];
  /** A column entry a record: bytes of its text. */
  readonly lengths: readonly number[];
  readonly trails: readonly RoutedTrail[];
  /** The records' texts in order with one comma between two: the inside of a `Records` array. */
  readonly text: Buffer;
}

/** A block that is not packed yet: its records' texts one by one, from which id, lengths and text are made. */
export interface BlockDraft extends Omit<ActivityBlock, "id" | "lengths" | "text"> {
  readonly texts: readonly Buffer[];
}

/** Which stages a block is for. The activity topic's subscriptions filter by it. */
export type Destination = "log-files" | "log-groups" | "event-bus" | "history";

/** Every destination, in the order in which status pages list them. */
export const DESTINATIONS: readonly Destination[] = ["log-files", "log-groups", "event-bus", "history"];

/** A block as it travels: encoded and compressed, and what the topic needs to know of it. */
export interface PackedBlock {
  readonly id: string;
  readonly records: number;
  readonly destinations: readonly Destination[];
  readonly body: Buffer;
}
