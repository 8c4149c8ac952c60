import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";

/** What belongs to OpenTrail's own stack: ARNs, each of which stands for itself, or for a beginning if it ends in `*`. */
export interface OwnArns {
  /** Roles, as IAM names them. */
  readonly roles: readonly string[];
  /** Queues, topics, functions, buckets and their objects, tables, keys. */
  readonly resources: readonly string[];
}

/** Whether a record, parsed, is of a call that OpenTrail itself causes. */
export type OwnCallTest = (fields: JsonObject) => boolean;

type ArnTest = (arn: unknown) => boolean;

/** Where a record tells of a resource without its ARN, the partition is not told either. */
const PARTITIONS = ["aws", "aws-cn", "aws-us-gov"] as const;

/**
 * Makes the test for calls that the stack itself causes, which would make every delivery cause another one:
 *
 * - calls of its roles, also through a service (KMS for an encrypted bucket or queue);
 * - services that take on one of its roles (Lambda to run a function, EventBridge to reach a target);
 * - services' own calls on its resources: SNS sending to its queues, an event source mapping invoking its functions, KMS with an
 *   encryption context that names one of them. What *people* do to these resources is not its own doing, and is taken.
 *
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#encrypt_context
 */
export function ownCallTest({ roles, resources }: OwnArns): OwnCallTest {
  const isOwnRole = arnTest(roles);
  const isOwnSession = arnTest(roles.flatMap(sessionsOf));
  const isOwnResource = arnTest(resources);
  return (fields) => {
    const identity = objectAt(fields, "userIdentity");
    const issuer = objectAt(objectAt(identity, "sessionContext"), "sessionIssuer");
    if (isOwnRole(issuer.arn) || isOwnSession(identity.arn)) return true;
    if (identity.type !== "AWSService") return false;
    if (fields.eventName === "AssumeRole" && isOwnRole(objectAt(fields, "requestParameters").roleArn)) {
      return true;
    }
    return touchedArns(fields).some(isOwnResource);
  };
}

const CLOUDTRAIL = "cloudtrail.amazonaws.com";

/** Buckets whose tests are kept. */
const MAX_KEPT_TESTS = 100;

/**
 * Makes the test for log files of a bucket. CloudTrail's own calls on the bucket are caused by the files in it: it puts them
 * there, with a key of KMS, and would have each put in the next file. What other services do to the bucket is taken.
 * @param own undefined: nothing is an own call
 */
export function ownCallTestsOf(own: OwnArns | undefined): (bucket: string) => OwnCallTest {
  if (own === undefined) return () => () => false;
  const isOwnCall = ownCallTest(own);
  const tests = new Map<string, OwnCallTest>();
  return (bucket) => {
    const known = tests.get(bucket);
    if (known !== undefined) return known;
    const isOfBucket = arnTest(
      PARTITIONS.flatMap((partition) => [
        `arn:${partition}:s3:::${bucket}`,
        `arn:${partition}:s3:::${bucket}/*`,
      ]),
    );
    const test: OwnCallTest = (fields) => {
      if (isOwnCall(fields)) return true;
      const { type, invokedBy } = objectAt(fields, "userIdentity");
      return type === "AWSService" && invokedBy === CLOUDTRAIL && touchedArns(fields).some(isOfBucket);
    };
    if (tests.size >= MAX_KEPT_TESTS) tests.clear();
    tests.set(bucket, test);
    return test;
  };
}

function arnTest(patterns: readonly string[]): ArnTest {
  const whole = new Set(patterns.filter((pattern) => !pattern.endsWith("*")));
  const beginnings = patterns
    .filter((pattern) => pattern.endsWith("*"))
    .map((pattern) => pattern.slice(0, -1));
  return (arn) =>
    typeof arn === "string" && (whole.has(arn) || beginnings.some((beginning) => arn.startsWith(beginning)));
}

const ROLE = /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]*)$/;

/** The ARNs of a role's sessions, which name it without its path. */
function sessionsOf(role: string): readonly string[] {
  const [, partition, account, name = ""] = ROLE.exec(role) ?? [];
  if (partition === undefined) return [];
  return [`arn:${partition}:sts::${account}:assumed-role/${name.endsWith("*") ? name : `${name}/*`}`];
}

/** The resources of a call, and those that the encryption context of a call of KMS names. */
function touchedArns(fields: JsonObject): readonly unknown[] {
  const { resources } = fields;
  const named = Array.isArray(resources)
    ? resources.map((resource) => (isJsonObject(resource) ? resource.ARN : undefined))
    : [];
  const context = objectAt(objectAt(fields, "requestParameters"), "encryptionContext");
  return [...named, ...Object.values(context), ...tableArns(fields, context)];
}

/** DynamoDB names a table by its name and account. */
function tableArns({ awsRegion }: JsonObject, context: JsonObject): readonly string[] {
  const table = context["aws:dynamodb:tableName"];
  return typeof table === "string"
    ? PARTITIONS.map(
        (partition) =>
          `arn:${partition}:dynamodb:${awsRegion}:${context["aws:dynamodb:subscriberId"]}:table/${table}`,
      )
    : [];
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const value: JsonValue | undefined = object[name];
  return isJsonObject(value) ? value : {};
}
