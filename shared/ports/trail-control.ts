/** There is no such trail (any more). */
export class TrailGone extends Error {
  override readonly name = "TrailGone";
}

/** A trail, by where it is and its name. */
export interface TrailLocation {
  readonly accountId: string;
  readonly homeRegion: string;
  /** Its name or its ARN. */
  readonly trail: string;
}

/** What remediations do to trails, over the CloudTrail API. */
export interface TrailControl {
  /** @throws TrailGone */
  isLogging(location: TrailLocation): Promise<boolean>;
  /** Does nothing to a trail that is logging. @throws TrailGone */
  startLogging(location: TrailLocation): Promise<void>;
}
