const ROLE = {
  type: "AssumedRole",
  principalId: "AROAEXAMPLE:alice",
  arn: "arn:aws:sts::111122223333:assumed-role/Admin/alice",
  accountId: "111122223333",
};

function record(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    eventVersion: "1.11",
    userIdentity: ROLE,
    eventTime: "2026-01-02T03:04:05Z",
    eventSource: "ec2.amazonaws.com",
    eventName: "DescribeInstances",
    awsRegion: "us-east-1",
    sourceIPAddress: "192.0.2.10",
    requestParameters: null,
    responseElements: null,
    readOnly: true,
    eventType: "AwsApiCall",
    recipientAccountId: "111122223333",
    eventCategory: "Management",
    ...fields,
  });
}

const from = (eventSource: string, ...names: readonly string[]) =>
  names.map((eventName) => record({ eventSource, eventName, readOnly: false }));
const anyOf = (...names: readonly string[]) => names.map((name) => `($.eventName = ${name})`).join(" || ");

const CONSOLE_LOGIN = {
  eventSource: "signin.amazonaws.com",
  eventName: "ConsoleLogin",
  eventType: "AwsConsoleSignIn",
  userIdentity: { type: "IAMUser", accountId: "111122223333", userName: "alice" },
};
const SIGN_IN = record({
  ...CONSOLE_LOGIN,
  responseElements: { ConsoleLogin: "Success" },
  additionalEventData: { MFAUsed: "No" },
});
const SIGN_IN_WITH_MFA = record({
  ...CONSOLE_LOGIN,
  responseElements: { ConsoleLogin: "Success" },
  additionalEventData: { MFAUsed: "Yes" },
});
const FAILED_SIGN_IN = record({
  ...CONSOLE_LOGIN,
  errorMessage: "Failed authentication",
  responseElements: { ConsoleLogin: "Failure" },
  additionalEventData: { MFAUsed: "No" },
});
const ROOT = { type: "Root", accountId: "111122223333" };

const GATEWAYS = [
  "CreateCustomerGateway",
  "DeleteCustomerGateway",
  "AttachInternetGateway",
  "CreateInternetGateway",
  "DeleteInternetGateway",
  "DetachInternetGateway",
];
const ROUTES = [
  "CreateRoute",
  "CreateRouteTable",
  "ReplaceRoute",
  "ReplaceRouteTableAssociation",
  "DeleteRouteTable",
  "DeleteRoute",
  "DisassociateRouteTable",
];
const VPC = [
  "CreateVpc",
  "DeleteVpc",
  "ModifyVpcAttribute",
  "AcceptVpcPeeringConnection",
  "CreateVpcPeeringConnection",
  "DeleteVpcPeeringConnection",
  "RejectVpcPeeringConnection",
  "AttachClassicLinkVpc",
  "DetachClassicLinkVpc",
  "DisableVpcClassicLink",
  "EnableVpcClassicLink",
];
const ACLS = [
  "CreateNetworkAcl",
  "CreateNetworkAclEntry",
  "DeleteNetworkAcl",
  "DeleteNetworkAclEntry",
  "ReplaceNetworkAclEntry",
  "ReplaceNetworkAclAssociation",
];
const GROUPS = [
  "AuthorizeSecurityGroupIngress",
  "AuthorizeSecurityGroupEgress",
  "RevokeSecurityGroupIngress",
  "RevokeSecurityGroupEgress",
  "CreateSecurityGroup",
  "DeleteSecurityGroup",
];
const POLICIES = [
  "DeleteGroupPolicy",
  "DeleteRolePolicy",
  "DeleteUserPolicy",
  "PutGroupPolicy",
  "PutRolePolicy",
  "PutUserPolicy",
  "CreatePolicy",
  "DeletePolicy",
  "CreatePolicyVersion",
  "DeletePolicyVersion",
  "AttachRolePolicy",
  "DetachRolePolicy",
  "AttachUserPolicy",
  "DetachUserPolicy",
  "AttachGroupPolicy",
  "DetachGroupPolicy",
];
const BUCKET = [
  "PutBucketAcl",
  "PutBucketPolicy",
  "PutBucketCors",
  "PutBucketLifecycle",
  "PutBucketReplication",
  "DeleteBucketPolicy",
  "DeleteBucketCors",
  "DeleteBucketLifecycle",
  "DeleteBucketReplication",
];
const RECORDER = [
  "StopConfigurationRecorder",
  "DeleteDeliveryChannel",
  "PutDeliveryChannel",
  "PutConfigurationRecorder",
];
const ORGANIZATION = ["AcceptHandshake", "AttachPolicy", "CreateAccount", "LeaveOrganization", "MoveAccount"];
const TRAIL = ["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"];

/** The alarms of the CIS AWS Foundations Benchmark: the filter pattern, records that raise it, and near ones that do not. */
export const CIS_ALARMS: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  [
    "unauthorized API calls",
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    [
      record({ errorCode: "Client.UnauthorizedOperation" }),
      record({ errorCode: "AccessDenied" }),
      record({ errorCode: "AccessDeniedException" }),
    ],
    [record({}), record({ errorCode: "NoSuchBucket" }), record({ errorCode: null })],
  ],
  [
    "unauthorized API calls, but for those of log delivery",
    '{($.errorCode="*UnauthorizedOperation" || $.errorCode="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket")}',
    [record({ errorCode: "AccessDenied" })],
    [
      record({ errorCode: "AccessDenied", eventName: "HeadBucket" }),
      record({ errorCode: "AccessDenied", sourceIPAddress: "delivery.logs.amazonaws.com" }),
    ],
  ],
  [
    "console sign-in without MFA",
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    [SIGN_IN],
    [SIGN_IN_WITH_MFA, FAILED_SIGN_IN],
  ],
  [
    "use of the root user",
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    [record({ userIdentity: ROOT })],
    [
      record({}),
      record({ userIdentity: { ...ROOT, invokedBy: "cloudtrail.amazonaws.com" } }),
      record({ userIdentity: ROOT, eventType: "AwsServiceEvent" }),
    ],
  ],
  ["IAM policy changes", `{${anyOf(...POLICIES)}}`, from("iam.amazonaws.com", ...POLICIES), [record({})]],
  ["CloudTrail changes", `{ ${anyOf(...TRAIL)} }`, from("cloudtrail.amazonaws.com", ...TRAIL), [record({})]],
  [
    "console authentication failures",
    '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    [FAILED_SIGN_IN],
    [SIGN_IN],
  ],
  [
    "disabling or deletion of customer keys",
    "{($.eventSource = kms.amazonaws.com) && (($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)) }",
    from("kms.amazonaws.com", "DisableKey", "ScheduleKeyDeletion"),
    [...from("kms.amazonaws.com", "Decrypt"), ...from("example.com", "DisableKey")],
  ],
  [
    "bucket policy changes",
    `{ ($.eventSource = s3.amazonaws.com) && (${anyOf(...BUCKET)}) }`,
    from("s3.amazonaws.com", ...BUCKET),
    from("s3.amazonaws.com", "GetBucketPolicy"),
  ],
  [
    "Config changes",
    `{ ($.eventSource = config.amazonaws.com) && (${anyOf(...RECORDER)}) }`,
    from("config.amazonaws.com", ...RECORDER),
    from("other.amazonaws.com", ...RECORDER),
  ],
  ["security group changes", `{ ${anyOf(...GROUPS)} }`, from("ec2.amazonaws.com", ...GROUPS), [record({})]],
  ["network ACL changes", `{ ${anyOf(...ACLS)} }`, from("ec2.amazonaws.com", ...ACLS), [record({})]],
  ["gateway changes", `{ ${anyOf(...GATEWAYS)} }`, from("ec2.amazonaws.com", ...GATEWAYS), [record({})]],
  ["route table changes", `{ ${anyOf(...ROUTES)} }`, from("ec2.amazonaws.com", ...ROUTES), [record({})]],
  ["VPC changes", `{ ${anyOf(...VPC)} }`, from("ec2.amazonaws.com", ...VPC), [record({})]],
  [
    "Organizations changes",
    `{ ($.eventSource = organizations.amazonaws.com) && (${anyOf(...ORGANIZATION)}) }`,
    from("organizations.amazonaws.com", ...ORGANIZATION),
    from("organizations.amazonaws.com", "ListAccounts"),
  ],
];
