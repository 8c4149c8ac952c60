/**
 * Who called. The members are those of `eventData.userIdentity`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html
 */
export interface AuditIdentity {
  /** The kind of identity, of 128 characters at most: `CognitoUser`, `JwtSubject`, `Customer`… */
  readonly type: string;
  /** What tells the caller from all others of the type, 1,024 characters at most. */
  readonly principalId: string;
  /** Anything else that is known: `userName` is what LookupEvents finds. 8 KB at most. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One call of an application's own API. Members that are too long are cut; secrets in any of them are hidden. */
export interface AuditedCall {
  /** The service: `shop.example.com`. Names of AWS's services are refused by PutAuditEvents. */
  readonly eventSource: string;
  /** What was called: `RefundOrder`. */
  readonly eventName: string;
  readonly userIdentity: AuditIdentity;
  /** When the call ended; now, if absent. */
  readonly eventTime?: Date | undefined;
  readonly requestParameters?: unknown;
  readonly responseElements?: unknown;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly sourceIPAddress?: string | undefined;
  readonly userAgent?: string | undefined;
  /** Stands in `additionalEventData.requestID`: the schema of PutAuditEvents has no other place for it. */
  readonly requestID?: string | undefined;
  readonly recipientAccountId?: string | undefined;
  readonly additionalEventData?: Readonly<Record<string, unknown>> | undefined;
}
