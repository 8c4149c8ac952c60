import type { JsonObject } from "../../../shared/event/json.ts";
import { bucket, bucketRequest, denied, iam, look } from "../calls.ts";
import { HOME, intruder, LEAKED_KEY, SHOP, UNUSED_REGIONS } from "../cast.ts";
import type { Call, Chapter } from "../record.ts";

const BUCKETS = ["example-shop-builds", "example-shop-invoices", "example-shop-orders"] as const;

function deniedIam(after: number, name: string, resource: string, request: JsonObject | null = null): Call {
  return iam(after, intruder, name, {
    readOnly: true,
    request,
    ...denied(intruder, `iam:${name}`, `arn:aws:iam::${SHOP}:${resource}`),
  });
}

function bucketLook(after: number, name: string, action: string, subResource: string): Call {
  return look(after, intruder, HOME, "s3", action, {
    request: bucketRequest(name, HOME, subResource),
    resources: [bucket(name)],
  });
}

function sweepRegion(region: string): readonly Call[] {
  return [
    look(1, intruder, region, "ec2", "DescribeInstances", { request: { instancesSet: {}, filterSet: {} } }),
    look(1, intruder, region, "lambda", "ListFunctions20150331", { request: { maxItems: 50 } }),
    look(1, intruder, region, "kms", "ListAliases", { request: { limit: 100 } }),
  ];
}

/** The pipeline's key turns up in a public repository; within the hour somebody asks what it can do. */
export const leakedKey: Chapter = {
  name: "2-leaked-key",
  begins: "2026-02-11T02:14:07Z",
  calls: [
    look(0, intruder, HOME, "sts", "GetCallerIdentity"),
    deniedIam(4, "GetAccountSummary", "*"),
    deniedIam(1, "ListUsers", "user/"),
    deniedIam(1, "ListRoles", "role/"),
    deniedIam(1, "ListGroups", "group/"),
    deniedIam(1, "GetAccountAuthorizationDetails", "*"),
    deniedIam(2, "GetAccountPasswordPolicy", "*"),
    iam(3, intruder, "GetUser", { readOnly: true }),
    iam(1, intruder, "ListAttachedUserPolicies", { readOnly: true, request: { userName: "ci-deployer" } }),
    iam(1, intruder, "ListUserPolicies", { readOnly: true, request: { userName: "ci-deployer" } }),
    iam(1, intruder, "GetUserPolicy", {
      readOnly: true,
      request: { userName: "ci-deployer", policyName: "deploy" },
    }),
    iam(2, intruder, "GetAccessKeyLastUsed", { readOnly: true, request: { accessKeyId: LEAKED_KEY } }),
    look(12, intruder, HOME, "s3", "ListBuckets", {
      request: { Host: "s3.amazonaws.com" },
      additional: { bytesTransferredOut: 731 },
    }),
    ...BUCKETS.flatMap((name) => [
      bucketLook(1, name, "GetBucketLocation", "location"),
      bucketLook(1, name, "GetBucketAcl", "acl"),
      bucketLook(1, name, "GetBucketPolicy", "policy"),
      bucketLook(1, name, "GetBucketPublicAccessBlock", "publicAccessBlock"),
    ]),
    look(9, intruder, HOME, "ec2", "DescribeRegions", { request: { regionSet: {}, allRegions: true } }),
    ...[HOME, "eu-west-1", ...UNUSED_REGIONS].flatMap(sweepRegion),
    look(6, intruder, HOME, "secretsmanager", "ListSecrets", {
      request: { maxResults: 100 },
      ...denied(intruder, "secretsmanager:ListSecrets", "*"),
    }),
    look(2, intruder, HOME, "ssm", "DescribeParameters", {
      request: { maxResults: 50 },
      ...denied(intruder, "ssm:DescribeParameters", `arn:aws:ssm:${HOME}:${SHOP}:*`),
    }),
    look(3, intruder, HOME, "lambda", "GetFunction20150331v2", { request: { functionName: "take-order" } }),
    look(8, intruder, HOME, "cloudtrail", "DescribeTrails", {
      ...denied(intruder, "cloudtrail:DescribeTrails", `arn:aws:cloudtrail:${HOME}:${SHOP}:trail/*`),
    }),
  ],
};
