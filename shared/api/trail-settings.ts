import { awsPartition } from "../arn/partition.ts";
import { AwsError } from "../error/aws-error.ts";
import { BucketAccessDenied, type ObjectStore } from "../ports/object-store.ts";
import { TopicRefusal } from "../ports/topics.ts";
import { requireS3KeyPrefix } from "../trail/s3-key-prefix.ts";
import type { Trail } from "../trail/trail.ts";
import type { OperationContext } from "./operation.ts";
import { requireAdministrator, requireOrganization } from "./require-organization.ts";
import type { OperationInputs } from "./service-types.ts";

/** The settings that CreateTrail and UpdateTrail have in common. An empty string means that there is none. */
type SettingsInput = Omit<OperationInputs["UpdateTrail"], "Name">;

/** The part of a trail that these settings make up. */
type TrailSettings = Pick<
  Trail,
  | "s3BucketName"
  | "s3KeyPrefix"
  | "kmsKeyId"
  | "snsTopicArn"
  | "snsTopicName"
  | "snsTopicSince"
  | "cloudWatchLogsLogGroupArn"
  | "cloudWatchLogsRoleArn"
  | "includeGlobalServiceEvents"
  | "isMultiRegionTrail"
  | "logFileValidationEnabled"
  | "logFileValidationStartTime"
  | "recursiveLogging"
  | "organizationId"
>;

const LONGEST_TOPIC = 256;

/**
 * The settings that a call leaves a trail with: what it gives, and for the rest what was there before. The bucket,
 * the topic and the log group must exist; those that the call does not name are not looked at again. A topic is tried out:
 * last of all, it is sent a message.
 *
 * @param trailArn of the trail that is to have the settings
 * @param previous the trail's settings before; CreateTrail's defaults for a new one
 * @throws AwsError in the order in which AWS checks: combination, bucket name, prefix, topic, log group, key, then
 *   what must exist
 */
export async function settledSettings(
  input: SettingsInput,
  trailArn: string,
  previous: TrailSettings,
  context: OperationContext,
): Promise<TrailSettings> {
  const organizationId = await settledOrganization(input, previous, context);
  const settings = { ...merge(input, previous, context), ...(organizationId && { organizationId }) };
  requireCombination(settings);
  await requireTargets(input, settings, context);
  if (input.SnsTopicName && settings.snsTopicArn) {
    await requireTopic(settings.snsTopicArn, trailArn, context);
  }
  return settings;
}

function merge(input: SettingsInput, previous: TrailSettings, context: OperationContext): TrailSettings {
  const { s3KeyPrefix, kmsKeyId, snsTopicArn, cloudWatchLogsLogGroupArn, cloudWatchLogsRoleArn } = {
    s3KeyPrefix: given(input.S3KeyPrefix, previous.s3KeyPrefix, checkedPrefix),
    kmsKeyId: given(input.KmsKeyId, previous.kmsKeyId, (id) => keyArn(id, context)),
    snsTopicArn: given(input.SnsTopicName, previous.snsTopicArn, (name) => topicArn(name, context)),
    cloudWatchLogsLogGroupArn: given(
      input.CloudWatchLogsLogGroupArn,
      previous.cloudWatchLogsLogGroupArn,
      (arn) => checkedLogGroupArn(arn, context),
    ),
    cloudWatchLogsRoleArn: given(input.CloudWatchLogsRoleArn, previous.cloudWatchLogsRoleArn, checkedRoleArn),
  };
  const snsTopicName = given(input.SnsTopicName, previous.snsTopicName, (name) => name);
  const snsTopicSince = snsTopicArn === previous.snsTopicArn ? previous.snsTopicSince : context.clock.now();
  const recursiveLogging = input.RecursiveLogging ?? previous.recursiveLogging;
  const logFileValidationEnabled = input.EnableLogFileValidation ?? previous.logFileValidationEnabled;
  const logFileValidationStartTime =
    logFileValidationEnabled && !previous.logFileValidationEnabled
      ? context.clock.now()
      : previous.logFileValidationStartTime;
  return {
    s3BucketName:
      input.S3BucketName === undefined ? previous.s3BucketName : checkedBucketName(input.S3BucketName),
    ...(s3KeyPrefix !== undefined && { s3KeyPrefix }),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    ...(snsTopicArn !== undefined && { snsTopicArn }),
    ...(snsTopicName !== undefined && { snsTopicName }),
    ...(snsTopicSince !== undefined && { snsTopicSince }),
    ...(cloudWatchLogsLogGroupArn !== undefined && { cloudWatchLogsLogGroupArn }),
    ...(cloudWatchLogsRoleArn !== undefined && { cloudWatchLogsRoleArn }),
    includeGlobalServiceEvents: input.IncludeGlobalServiceEvents ?? previous.includeGlobalServiceEvents,
    isMultiRegionTrail: input.IsMultiRegionTrail ?? previous.isMultiRegionTrail,
    logFileValidationEnabled,
    ...(logFileValidationStartTime !== undefined && { logFileValidationStartTime }),
    ...(recursiveLogging !== undefined && { recursiveLogging }),
  };
}

/** Absent: as before. Empty: none any more. Else what is given, checked. */
function given(
  value: string | undefined,
  previous: string | undefined,
  checked: (value: string) => string,
): string | undefined {
  if (value === undefined) return previous;
  return value === "" ? undefined : checked(value);
}

/**
 * The organization whose trail it is from now on; undefined: it is the account's own alone.
 * @throws AwsError OrganizationsNotInUseException, NotOrganizationMasterAccountException
 */
async function settledOrganization(
  { IsOrganizationTrail: isWanted }: SettingsInput,
  { organizationId: previous }: TrailSettings,
  context: OperationContext,
): Promise<string | undefined> {
  if (isWanted === undefined || isWanted === (previous !== undefined)) return previous;
  if (!isWanted) return undefined;
  const organization = requireOrganization(context);
  await requireAdministrator(organization, context);
  return organization.id;
}

function requireCombination(settings: TrailSettings): void {
  if (settings.isMultiRegionTrail && !settings.includeGlobalServiceEvents) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      "Multi-Region trail must include global service events.",
    );
  }
  if (settings.cloudWatchLogsLogGroupArn && !settings.cloudWatchLogsRoleArn) {
    throw new AwsError(
      "InvalidCloudWatchLogsRoleArnException",
      "You must specify a role ARN as well as a log group.",
    );
  }
  if (settings.cloudWatchLogsRoleArn && !settings.cloudWatchLogsLogGroupArn) {
    throw new AwsError(
      "InvalidCloudWatchLogsLogGroupArnException",
      "You must specify a log group as well as a role ARN.",
    );
  }
}

async function requireTargets(
  input: SettingsInput,
  { s3BucketName, cloudWatchLogsLogGroupArn }: TrailSettings,
  { objects, logGroups }: OperationContext,
): Promise<void> {
  if (input.S3BucketName !== undefined) await requireBucket(s3BucketName, objects);
  if (input.CloudWatchLogsLogGroupArn && cloudWatchLogsLogGroupArn) {
    if (!(await logGroups.groupExists(cloudWatchLogsLogGroupArn))) throw invalidLogGroup();
  }
}

/**
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * @throws AwsError S3BucketDoesNotExistException; InsufficientS3BucketPolicyException for a bucket that is closed to us
 */
async function requireBucket(name: string, objects: ObjectStore): Promise<void> {
  let exists: boolean;
  try {
    exists = await objects.bucketExists(name);
  } catch (cause) {
    if (!(cause instanceof BucketAccessDenied)) throw cause;
    throw new AwsError(
      "InsufficientS3BucketPolicyException",
      `Incorrect S3 bucket policy is detected for bucket: ${name}`,
      { cause },
    );
  }
  if (!exists) throw new AwsError("S3BucketDoesNotExistException", `S3 bucket ${name} does not exist!`);
}

/** What a topic is sent when a trail is given it. Readers of notifications know the text and skip it. */
const VALIDATION_MESSAGE = "CloudTrail validation message.";

/**
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html
 * @throws AwsError InsufficientSnsTopicPolicyException
 */
async function requireTopic(topicArn: string, trailArn: string, { topics }: OperationContext): Promise<void> {
  try {
    await topics.publishForTrail(topicArn, trailArn, VALIDATION_MESSAGE);
  } catch (error) {
    if (!(error instanceof TopicRefusal)) throw error;
    throw new AwsError(
      "InsufficientSnsTopicPolicyException",
      "SNS Topic does not exist or the topic policy is incorrect!",
      { cause: error },
    );
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkedBucketName(name: string): string {
  if (name === "") throw invalidBucketName("Bucket name cannot be blank!");
  const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..");
  if (!isName || /^\d+\.\d+\.\d+\.\d+$/.test(name))
    throw invalidBucketName(`Bucket name is invalid: ${name}`);
  return name;
}

function invalidBucketName(message: string): AwsError {
  return new AwsError("InvalidS3BucketNameException", message);
}

function checkedPrefix(prefix: string): string {
  requireS3KeyPrefix(prefix);
  return prefix;
}

function topicArn(nameOrArn: string, { caller }: OperationContext): string {
  const isArn = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/.test(nameOrArn);
  if (nameOrArn.length > LONGEST_TOPIC || !(isArn || /^[A-Za-z0-9_-]+$/.test(nameOrArn))) {
    throw new AwsError("InvalidSnsTopicNameException", "SNS topic name or ARN is invalid.");
  }
  if (isArn) return nameOrArn;
  return `arn:${awsPartition(caller.region)}:sns:${caller.region}:${caller.accountId}:${nameOrArn}`;
}

/**
 * The group's ARN as CloudTrail keeps it, ending in `:*`. A group is in the caller's own account, for an organization's
 * trail too: unlike buckets and topics, log groups have no policy by which another account could admit the trail.
 */
function checkedLogGroupArn(arn: string, { caller }: OperationContext): string {
  const [, account] =
    /^arn:aws[a-z-]*:logs:[a-z0-9-]+:(\d{12}):log-group:[\w./#-]{1,512}:\*$/.exec(arn) ?? [];
  if (account !== caller.accountId) throw invalidLogGroup();
  return arn;
}

function invalidLogGroup(): AwsError {
  return new AwsError(
    "InvalidCloudWatchLogsLogGroupArnException",
    "CloudTrail cannot validate the specified log group ARN.",
  );
}

function checkedRoleArn(arn: string): string {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/.test(arn)) {
    throw new AwsError("InvalidCloudWatchLogsRoleArnException", "The role ARN is not valid.");
  }
  return arn;
}

/** A key's full ARN. An alias stays one: S3 takes an alias's ARN for its key's. */
function keyArn(id: string, { caller }: OperationContext): string {
  if (/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(?:key|alias)\/[\w/-]{1,256}$/.test(id)) return id;
  const head = `arn:${awsPartition(caller.region)}:kms:${caller.region}:${caller.accountId}`;
  if (/^alias\/[\w/-]{1,250}$/.test(id)) return `${head}:${id}`;
  if (/^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(id))
    return `${head}:key/${id}`;
  throw new AwsError("InvalidKmsKeyIdException", `The KMS key ID is not valid: ${id.slice(0, 256)}`);
}

/** What CreateTrail starts from. */
export const NEW_TRAIL_SETTINGS: TrailSettings = {
  s3BucketName: "",
  includeGlobalServiceEvents: true,
  isMultiRegionTrail: false,
  logFileValidationEnabled: false,
};
