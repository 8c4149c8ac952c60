import { isJsonObject, type JsonObject } from "../event/json.ts";

/** A resource that an event is about, as LookupEvents answers it. */
export interface EventResourceName {
  readonly type: string | undefined;
  readonly name: string;
}

/** The type of what a member of requestParameters or responseElements names, by service. */
const TYPE_BY_MEMBER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "cloudformation.amazonaws.com": { stackName: "AWS::CloudFormation::Stack" },
  "cloudtrail.amazonaws.com": {
    name: "AWS::CloudTrail::Trail",
    trailARN: "AWS::CloudTrail::Trail",
    trailName: "AWS::CloudTrail::Trail",
    s3BucketName: "AWS::S3::Bucket",
  },
  "dynamodb.amazonaws.com": { tableName: "AWS::DynamoDB::Table" },
  "ec2.amazonaws.com": {
    groupId: "AWS::EC2::SecurityGroup",
    groupName: "AWS::EC2::SecurityGroup",
    imageId: "AWS::EC2::Ami",
    instanceId: "AWS::EC2::Instance",
    internetGatewayId: "AWS::EC2::InternetGateway",
    keyName: "AWS::EC2::KeyPair",
    networkInterfaceId: "AWS::EC2::NetworkInterface",
    routeTableId: "AWS::EC2::RouteTable",
    snapshotId: "AWS::EC2::Snapshot",
    subnetId: "AWS::EC2::Subnet",
    volumeId: "AWS::EC2::Volume",
    vpcId: "AWS::EC2::VPC",
  },
  "iam.amazonaws.com": {
    accessKeyId: "AWS::IAM::AccessKey",
    groupName: "AWS::IAM::Group",
    instanceProfileName: "AWS::IAM::InstanceProfile",
    policyArn: "AWS::IAM::Policy",
    policyName: "AWS::IAM::Policy",
    roleName: "AWS::IAM::Role",
    userName: "AWS::IAM::User",
  },
  "kms.amazonaws.com": { keyId: "AWS::KMS::Key", targetKeyId: "AWS::KMS::Key", aliasName: "AWS::KMS::Alias" },
  "lambda.amazonaws.com": { functionName: "AWS::Lambda::Function", functionArn: "AWS::Lambda::Function" },
  "logs.amazonaws.com": { logGroupName: "AWS::Logs::LogGroup" },
  "rds.amazonaws.com": {
    dBClusterIdentifier: "AWS::RDS::DBCluster",
    dBInstanceIdentifier: "AWS::RDS::DBInstance",
    dBSnapshotIdentifier: "AWS::RDS::DBSnapshot",
  },
  "s3.amazonaws.com": { bucketName: "AWS::S3::Bucket" },
  "secretsmanager.amazonaws.com": { secretId: "AWS::SecretsManager::Secret" },
  "sns.amazonaws.com": { topicArn: "AWS::SNS::Topic" },
  "sqs.amazonaws.com": { queueUrl: "AWS::SQS::Queue" },
  "sts.amazonaws.com": { roleArn: "AWS::IAM::Role" },
};

/** EC2's lists of resources: `{"items":[{"instanceId":"…"}]}`. */
const EC2_SETS = ["instancesSet", "groupSet", "networkInterfaceSet"];

/** Longer names are no names. */
const LONGEST_NAME = 2_000;

/** More are not kept of one event. */
const MOST_RESOURCES = 50;

/**
 * The resources of an event: those that the record lists in `resources`, and those that well-known members of its
 * request and response name. AWS keeps the list of those members to itself: this one is made from its published
 * examples, and does not know every service.
 * @param subject the members that tell of the event
 */
export function eventResources(subject: JsonObject): readonly EventResourceName[] {
  const found: EventResourceName[] = [];
  if (Array.isArray(subject.resources)) {
    for (const resource of subject.resources) {
      if (isJsonObject(resource)) {
        add(found, textOf(resource.type), resource.ARN ?? resource.arn ?? resource.ARNPrefix);
      }
    }
  }
  const source = subject.eventSource;
  const types =
    typeof source === "string" && Object.hasOwn(TYPE_BY_MEMBER, source) ? TYPE_BY_MEMBER[source] : undefined;
  if (types !== undefined) {
    addNamed(found, types, subject.requestParameters);
    addNamed(found, types, subject.responseElements);
  }
  return found;
}

function addNamed(
  found: EventResourceName[],
  types: Readonly<Record<string, string>>,
  parameters: unknown,
): void {
  if (!isJsonObject(parameters)) {
    return;
  }
  for (const member in types) {
    add(found, types[member], parameters[member]);
  }
  for (const set of EC2_SETS) {
    const list = parameters[set];
    if (isJsonObject(list) && Array.isArray(list.items)) {
      for (const item of list.items.slice(0, MOST_RESOURCES)) {
        addNamed(found, types, item);
      }
    }
  }
}

function add(found: EventResourceName[], type: string | undefined, name: unknown): void {
  if (
    typeof name === "string" &&
    name !== "" &&
    name.length <= LONGEST_NAME &&
    found.length < MOST_RESOURCES &&
    !found.some((known) => known.name === name && known.type === type)
  ) {
    found.push({ type, name });
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
