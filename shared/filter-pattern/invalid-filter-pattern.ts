/** A text is no filter pattern. CloudWatch Logs answers InvalidParameterException with the message. */
export class InvalidFilterPattern extends Error {
  override readonly name = "InvalidFilterPattern";

  /** @param reason what is wrong, after AWS's own words */
  constructor(reason: string) {
    super(`Invalid filter pattern: ${reason}`);
  }
}
