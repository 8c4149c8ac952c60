/** A topic does not take a message, and would not the next time either. Nobody was sent it. */
export class TopicRefusal extends Error {
  override readonly name = "TopicRefusal";
  /** The error code of SNS: `NotFound`, `AuthorizationError`, `InvalidParameter`… */
  readonly code: string;

  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** SNS topics, as far as trails need them. */
export interface Topics {
  /**
   * Publishes a text without a subject, in CloudTrail's name and for a trail: a topic's policy may ask for both.
   * When it answers, the topic has the message.
   * @throws TopicRefusal; another error where it is not known what the topic would say: throttling, no answer
   */
  publishForTrail(topicArn: string, trailArn: string, message: string): Promise<void>;
}
