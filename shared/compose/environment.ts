/**
 * What OpenTrail's functions read from their environment, beside what the AWS SDK (`AWS_REGION`,
 * `AWS_ENDPOINT_URL`…) and Powertools (`POWERTOOLS_SERVICE_NAME`, `POWERTOOLS_LOG_LEVEL`,
 * `POWERTOOLS_METRICS_DISABLED`…) read by themselves. A function needs those that its composition asks for.
 */
const VARIABLES = {
  OPENTRAIL_ACTIONS_TABLE: "name of the DynamoDB table of remediations' actions",
  OPENTRAIL_BLOCKS_BUCKET: "the bucket of OpenTrail's own for blocks that do not fit a message",
  OPENTRAIL_CREDENTIALS_SECRET: "ARN of the secret that holds the JSON list of the endpoint's keys",
  OPENTRAIL_DEFAULT_BUS:
    "what the account's default event bus is to OpenTrail: source or destination, never both",
  OPENTRAIL_DEFAULT_BUS_SOURCE:
    "how the sources of events begin that are taken from the default event bus: aws. unless it is set, as an emulator may refuse those",
  OPENTRAIL_DELIVERY_STATUS_TABLE: "name of the DynamoDB table of delivery status",
  OPENTRAIL_DIGESTS_TABLE: "name of the DynamoDB table of digests and signing keys",
  OPENTRAIL_DIGEST_INTERVAL_SECONDS: "what one digest file covers, in seconds: 3600 unless it is set",
  OPENTRAIL_EMIT_LOG_FILES:
    "true or false: whether records of log files delivered within a day are emitted on OpenTrail's bus",
  OPENTRAIL_EVENT_BUS: "name or ARN of the event bus that records are emitted to",
  OPENTRAIL_EVENT_SOURCE_PREFIX:
    "what stands before the service in an emitted event's source: aws. on an emulator",
  OPENTRAIL_GZIP_LEVEL: "zlib's level for log files, 1 to 9",
  OPENTRAIL_HISTORY_DATA_EVENTS: "whether the event history takes data events too: true or false",
  OPENTRAIL_HISTORY_RETENTION_DAYS: "how many days events stay in the event history",
  OPENTRAIL_HISTORY_TABLE: "name of the DynamoDB table of the event history",
  OPENTRAIL_HOME_REGION: "the region of the stack that a collector publishes to",
  OPENTRAIL_HOME_ROLE_ARN: "the role of a stack in another account that a collector publishes with",
  OPENTRAIL_IMPORTS_TABLE: "name of the DynamoDB table of log files that were imported",
  OPENTRAIL_IMPORT_MEMORY_DAYS: "how many days an imported log file is remembered: 400 unless it is set",
  OPENTRAIL_INGEST_OWN_CALLS: "true or false: whether calls that the stack itself causes are taken in",
  OPENTRAIL_LEDGER_TABLE: "name of the DynamoDB table of the ledger",
  OPENTRAIL_ORGANIZATION:
    "JSON of the organization of some of the accounts: id, managementAccountId, memberAccountIds",
  OPENTRAIL_OWN_RESOURCES:
    "ARNs of the stack's own queues, topics, functions, buckets, tables and keys, with a comma between two; one that ends in * is a beginning",
  OPENTRAIL_OWN_ROLES:
    "ARNs of the stack's own roles, with a comma between two; one that ends in * is a beginning",
  OPENTRAIL_PUBLIC_URL:
    "what clients send requests to, where it is not the function URL itself; {id} in it is the function URL's id",
  OPENTRAIL_QUEUES: "JSON list of the deliveries' queues in flow order: name, queueUrl, deadLetterUrl",
  OPENTRAIL_REMEDIATION_ROLE: "name of the role that remediations call AWS with",
  OPENTRAIL_REMEDIATION_SECRET: "secret of the access keys that a local host gives to remediations",
  OPENTRAIL_REMEDIATION_SECRET_ID: "ARN of the secret that remediations sign with on a stack",
  OPENTRAIL_SEND_READ_ONLY_API_CALLS:
    "true or false: whether calls named List…, Get… and Describe… are emitted",
  OPENTRAIL_SETTINGS_TABLE: "name of the DynamoDB table of channels, policies and delegated administrators",
  OPENTRAIL_SIGNING_KEY_AGE_DAYS: "how long a key signs digest files, in days: 90 unless it is set",
  OPENTRAIL_TOPIC_ARN: "ARN of the activity topic",
  OPENTRAIL_TOPIC_MAX_MESSAGE_BYTES: "MaximumMessageSize of the activity topic",
  OPENTRAIL_TRAILS_TABLE: "name of the DynamoDB table of trails",
} as const;

type Variable = keyof typeof VARIABLES;

/** A variable is missing, or is not what it should be. The message says which, and what it is for. */
export class InvalidEnvironment extends Error {
  override readonly name = "InvalidEnvironment";
}

/** A function's settings. A variable that is empty counts as absent. */
export class Environment {
  readonly #variables: Readonly<Record<string, string | undefined>>;

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#variables = variables;
  }

  /** @throws InvalidEnvironment if it is absent */
  text(name: Variable): string {
    const value = this.optional(name);
    if (value === undefined) throw new InvalidEnvironment(`${name} is not set: ${VARIABLES[name]}`);
    return value;
  }

  optional(name: Variable): string | undefined {
    return this.#variables[name] || undefined;
  }

  /** A whole number. @throws InvalidEnvironment if it is none, or not within the bounds */
  integer(name: Variable, from: number, to: number, otherwise: number): number {
    const text = this.optional(name);
    const value = text === undefined ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < from || value > to) {
      throw new InvalidEnvironment(
        `${name} is ${text}, and must be from ${from} to ${to}: ${VARIABLES[name]}`,
      );
    }
    return value;
  }

  /** True or false. @throws InvalidEnvironment if it is neither */
  flag(name: Variable, otherwise: boolean): boolean {
    const text = this.optional(name) ?? String(otherwise);
    if (text !== "true" && text !== "false") {
      throw new InvalidEnvironment(`${name} is ${text}: ${VARIABLES[name]}`);
    }
    return text === "true";
  }

  /** Values with a comma between two; none if the variable is absent. */
  list(name: Variable): readonly string[] {
    const values = (this.optional(name) ?? "").split(",").map((value) => value.trim());
    return values.filter((value) => value !== "");
  }

  /** Whether S3 is something else than AWS's own, which has no DNS names for its buckets. */
  get hasS3Endpoint(): boolean {
    return Boolean(this.#variables.AWS_ENDPOINT_URL_S3 || this.#variables.AWS_ENDPOINT_URL);
  }
}
