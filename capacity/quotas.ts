/** A quota of AWS, for an account and region unless its name says otherwise. */
export interface Quota {
  readonly name: string;
  readonly limit: number;
  /** What to do where it is not enough. */
  readonly raise: string;
  /** The AWS page that has it. */
  readonly page: string;
}

/** Each as it is without anybody asking for more; where regions differ, that of us-east-1. */
export const QUOTAS = {
  lambdaConcurrency: {
    name: "Lambda: executions at one time",
    limit: 1_000,
    raise:
      "Service Quotas, to tens of thousands; more memory a function (`memorySize`) makes for fewer copies",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
  },
  urlRequests: {
    name: "Lambda: requests of the function URL a second",
    limit: 10_000,
    raise: "it is ten times the executions; more events a call",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
  },
  triggerConcurrency: {
    name: "Lambda: copies at one queue",
    limit: 1_000,
    raise: "the trigger's provisioned mode in place of `MaximumConcurrency`; larger blocks",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
  },
  inFlight: {
    name: "SQS: in flight, a queue",
    limit: 120_000,
    raise: "a shorter window, more memory a function; larger blocks; then AWS's support",
    page: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html",
  },
  publishedMessages: {
    name: "SNS: messages a second",
    limit: 30_000,
    raise: "Service Quotas; larger blocks",
    page: "https://docs.aws.amazon.com/general/latest/gr/sns.html",
  },
  tableWrites: {
    name: "DynamoDB: write units a second, a table",
    limit: 40_000,
    raise: "Service Quotas, and `WarmThroughput` before the load comes",
    page: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html",
  },
  putEvents: {
    name: "EventBridge: PutEvents a second",
    limit: 10_000,
    raise: "Service Quotas; fewer read-only calls (`sendReadOnlyApiCalls`), or trails that log less",
    page: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html",
  },
  putLogEvents: {
    name: "CloudWatch Logs: PutLogEvents a second",
    limit: 5_000,
    raise: "Service Quotas",
    page: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
  },
} satisfies Readonly<Record<string, Quota>>;

export type QuotaName = keyof typeof QUOTAS;
