import type { BlockOrigin } from "../event/block.ts";
import type { TrailState } from "../trail/trail.ts";

/** Records of one call, on their way in. */
export interface IngestRequest {
  /** The caller's account: whose trails and history the records go to. */
  readonly accountId: string;
  readonly origin: BlockOrigin;
  /** One JSON text a record, UTF-8. */
  readonly records: readonly Buffer[];
  /** Whether records may name a recipient account other than `accountId`. */
  readonly mayImport: boolean;
  /**
   * The trails to judge by. Absent, they are read consistently. The record of a call that stops or deletes a
   * trail is judged by the state before it, since the call happened while the trail was logging.
   */
  readonly trailState?: TrailState;
}

/** A record that was not taken, and why. */
export interface Rejection {
  /** The record's position in the call, from 0. */
  readonly index: number;
  readonly code: string;
  readonly message: string;
}

/** What became of a call's records: accepted + rejected = all of them. */
export interface IngestReport {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** Takes records in. When it resolves, the accepted ones are durable; when it rejects, none counts as accepted. */
export type Ingest = (request: IngestRequest) => Promise<IngestReport>;
