/** What AWS charges by: each of these is counted. */
export type Unit = keyof typeof PRICES;

/** A published price: so many dollars for so many units. */
export interface Price {
  readonly dollars: number;
  readonly units: number;
  /** What one unit is. */
  readonly unit: string;
  /** The page that states it. */
  readonly page: string;
}

/** The region of the prices, and the day on which they were last held against the pages. */
export const PRICES_OF = { region: "us-east-1", on: "2026-11-25" } as const;

/** On-demand prices without free tiers, discounts or taxes: all that the cost model knows of money. */
export const PRICES = {
  "lambda.requests": {
    dollars: 0.2,
    units: 1e6,
    unit: "an invocation",
    page: "https://aws.amazon.com/lambda/pricing/",
  },
  "lambda.gbSeconds": {
    dollars: 0.0000133334,
    units: 1,
    unit: "a GB-second on arm64",
    page: "https://aws.amazon.com/lambda/pricing/",
  },
  "sns.requests": {
    dollars: 0.5,
    units: 1e6,
    unit: "64 KB of a published message",
    page: "https://aws.amazon.com/sns/pricing/",
  },
  "sqs.requests": {
    dollars: 0.4,
    units: 1e6,
    unit: "64 KB of a call on a standard queue",
    page: "https://aws.amazon.com/sqs/pricing/",
  },
  "dynamodb.writeUnits": {
    dollars: 0.625,
    units: 1e6,
    unit: "a write request unit",
    page: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  },
  "dynamodb.readUnits": {
    dollars: 0.125,
    units: 1e6,
    unit: "a read request unit",
    page: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  },
  "dynamodb.gbMonths": {
    dollars: 0.45,
    units: 1,
    unit: "a GB kept for a month, with point-in-time recovery (0.25 + 0.20)",
    page: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
  },
  "s3.writes": {
    dollars: 5,
    units: 1e6,
    unit: "a PUT, COPY, POST or LIST",
    page: "https://aws.amazon.com/s3/pricing/",
  },
  "s3.reads": {
    dollars: 0.4,
    units: 1e6,
    unit: "a GET, HEAD or other read",
    page: "https://aws.amazon.com/s3/pricing/",
  },
  "s3.gbMonths": {
    dollars: 0.023,
    units: 1,
    unit: "a GB kept for a month in S3 Standard",
    page: "https://aws.amazon.com/s3/pricing/",
  },
  "kms.requests": {
    dollars: 3,
    units: 1e6,
    unit: "a call, RSA_2048 signatures among them",
    page: "https://aws.amazon.com/kms/pricing/",
  },
  "kms.keyMonths": {
    dollars: 1,
    units: 1,
    unit: "a key that is kept for a month",
    page: "https://aws.amazon.com/kms/pricing/",
  },
  "eventbridge.events": {
    dollars: 1,
    units: 1e6,
    unit: "64 KB of an event that is put, or sent to another bus",
    page: "https://aws.amazon.com/eventbridge/pricing/",
  },
  "logs.gb": {
    dollars: 0.5,
    units: 1,
    unit: "a GB taken in by CloudWatch Logs",
    page: "https://aws.amazon.com/cloudwatch/pricing/",
  },
  "cloudwatch.alarmMonths": {
    dollars: 0.1,
    units: 1,
    unit: "a metric that an alarm watches for a month",
    page: "https://aws.amazon.com/cloudwatch/pricing/",
  },
  "cloudwatch.metricMonths": {
    dollars: 0.3,
    units: 1,
    unit: "a metric of one's own, for a month",
    page: "https://aws.amazon.com/cloudwatch/pricing/",
  },
  "cloudwatch.dashboardMonths": {
    dollars: 3,
    units: 1,
    unit: "a dashboard for a month",
    page: "https://aws.amazon.com/cloudwatch/pricing/",
  },
  "secrets.secretMonths": {
    dollars: 0.4,
    units: 1,
    unit: "a secret that is kept for a month",
    page: "https://aws.amazon.com/secrets-manager/pricing/",
  },
  "secrets.requests": {
    dollars: 5,
    units: 1e6,
    unit: "a call",
    page: "https://aws.amazon.com/secrets-manager/pricing/",
  },
} as const satisfies Readonly<Record<string, Price>>;

/** How many units of each kind something takes. What is absent is none. */
export type Usage = Readonly<Partial<Record<Unit, number>>>;

/** What a usage costs, in dollars. */
export function dollarsOf(usage: Usage): number {
  return unitsOf(usage).reduce(
    (sum, [unit, count]) => sum + (count * PRICES[unit].dollars) / PRICES[unit].units,
    0,
  );
}

/** The counts of a usage, by unit. */
export function unitsOf(usage: Usage): readonly (readonly [Unit, number])[] {
  return Object.entries(usage) as [Unit, number][];
}

/** One usage on top of another. */
export function addUsage(one: Usage, other: Usage): Usage {
  const sum: Partial<Record<Unit, number>> = { ...one };
  for (const [unit, count] of unitsOf(other)) sum[unit] = (sum[unit] ?? 0) + count;
  return sum;
}

/** So many times a usage. */
export function scaleUsage(usage: Usage, times: number): Usage {
  return Object.fromEntries(unitsOf(usage).map(([unit, count]) => [unit, count * times]));
}
