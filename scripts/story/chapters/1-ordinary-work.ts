import { bucket, bucketRequest, change, iam, key, look, role } from "../calls.ts";
import { EUROPE, HOME, nikki, nikkiAtSignIn, orderFunction, pipeline, SHOP, service } from "../cast.ts";
import type { Call, Chapter } from "../record.ts";

const ORDERS_KEY = `arn:aws:kms:${HOME}:${SHOP}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const ORDER_FUNCTION = `arn:aws:lambda:${HOME}:${SHOP}:function:take-order`;

function orderTaken(after: number, order: number): readonly Call[] {
  return [
    look(after, orderFunction, HOME, "kms", "Decrypt", {
      request: {
        keyId: ORDERS_KEY,
        encryptionAlgorithm: "SYMMETRIC_DEFAULT",
        encryptionContext: { order: `2026-02-${order}` },
      },
      resources: [key(ORDERS_KEY)],
    }),
    change(1, orderFunction, HOME, "s3", "PutObject", {
      isDataEvent: true,
      request: {
        bucketName: "example-shop-orders",
        Host: `example-shop-orders.s3.${HOME}.amazonaws.com`,
        key: `2026/02/11/order-${order}.json`,
      },
      response: { "x-amz-server-side-encryption": "aws:kms" },
      additional: { bytesTransferredIn: 1_800 + order, bytesTransferredOut: 0 },
      resources: [
        {
          type: "AWS::S3::Object",
          ARN: `arn:aws:s3:::example-shop-orders/2026/02/11/order-${order}.json`,
        },
        bucket("example-shop-orders"),
      ],
    }),
  ];
}

function serviceTakesRole(after: number, region: string, by: string, roleName: string): Call {
  return look(after, service(by), region, "sts", "AssumeRole", {
    request: { roleArn: `arn:aws:iam::${SHOP}:role/${roleName}`, roleSessionName: roleName },
    response: {
      credentials: {
        accessKeyId: "ASIATAKEORDERFNEXAMPLE",
        sessionToken: "EXAMPLE",
        expiration: "Feb 11, 2026, 1:33:40 PM",
      },
      assumedRoleUser: {
        assumedRoleId: `AROATAKEORDERROLEEXAMPLE:${roleName}`,
        arn: `arn:aws:sts::${SHOP}:assumed-role/${roleName}/${roleName}`,
      },
    },
    resources: [role(SHOP, roleName)],
  });
}

/** A quiet night: what the shop looks like when nothing is wrong. */
export const ordinaryWork: Chapter = {
  name: "1-ordinary-work",
  begins: "2026-02-11T01:31:04Z",
  calls: [
    change(0, nikkiAtSignIn, EUROPE, "signin", "ConsoleLogin", {
      eventType: "AwsConsoleSignIn",
      response: { ConsoleLogin: "Success" },
      additional: {
        LoginTo: "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1",
        MobileVersion: "No",
        MFAIdentifier: `arn:aws:iam::${SHOP}:mfa/nikki`,
        MFAUsed: "Yes",
      },
    }),
    look(9, nikki, EUROPE, "ec2", "DescribeInstances", {
      request: { maxResults: 50, instancesSet: {}, filterSet: {} },
    }),
    look(4, nikki, EUROPE, "ec2", "DescribeSecurityGroups", {
      request: { maxResults: 50, securityGroupSet: {}, securityGroupIdSet: {}, filterSet: {} },
    }),
    look(26, nikki, HOME, "cloudtrail", "DescribeTrails", {
      request: { includeShadowTrails: true, trailNameList: [] },
    }),
    look(1, nikki, HOME, "cloudtrail", "GetTrailStatus", { request: { name: "shop-trail" } }),
    serviceTakesRole(116, HOME, "lambda", "take-order"),
    ...orderTaken(3, 4711),
    ...orderTaken(48, 4712),
    look(70, pipeline, HOME, "sts", "GetCallerIdentity"),
    look(2, pipeline, HOME, "lambda", "GetFunction20150331v2", { request: { functionName: "take-order" } }),
    change(3, pipeline, HOME, "lambda", "UpdateFunctionCode20150331v2", {
      request: {
        functionName: "take-order",
        s3Bucket: "example-shop-builds",
        s3Key: "take-order-318.zip",
        publish: true,
      },
      response: {
        functionName: "take-order",
        functionArn: `${ORDER_FUNCTION}:318`,
        runtime: "nodejs24.x",
        role: `arn:aws:iam::${SHOP}:role/take-order`,
        handler: "index.handler",
        codeSize: 48_212,
        version: "318",
        state: "Active",
        lastUpdateStatus: "InProgress",
        packageType: "Zip",
        architectures: ["arm64"],
      },
    }),
    look(6, pipeline, HOME, "lambda", "GetFunctionConfiguration20150331v2", {
      request: { functionName: "take-order", qualifier: "318" },
    }),
    change(2, pipeline, HOME, "lambda", "UpdateAlias20150331", {
      request: { functionName: "take-order", name: "live", functionVersion: "318" },
      response: { aliasArn: `${ORDER_FUNCTION}:live`, name: "live", functionVersion: "318", description: "" },
    }),
    ...orderTaken(33, 4713),
    look(55, service("autoscaling"), EUROPE, "ec2", "DescribeInstances", {
      request: { instancesSet: { items: [{ instanceId: "i-1234567890abcdef0" }] }, filterSet: {} },
    }),
    serviceTakesRole(61, EUROPE, "ec2", "shop-web"),
    look(40, nikki, EUROPE, "s3", "GetBucketLifecycle", {
      request: bucketRequest("example-shop-builds", EUROPE, "lifecycle"),
      resources: [bucket("example-shop-builds")],
    }),
    iam(30, nikki, "ListAccessKeys", { readOnly: true, request: { userName: "ci-deployer" } }),
    iam(2, nikki, "GetAccessKeyLastUsed", {
      readOnly: true,
      request: { accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
    }),
    ...orderTaken(95, 4714),
  ],
};
