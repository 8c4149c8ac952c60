import type { JsonObject } from "../../../shared/event/json.ts";
import { bucket, bucketRequest, change, denied, key, look } from "../calls.ts";
import { BACKUP, backupOperator, deployAdmin, HOME, INTRUDER_ACCOUNT, SHOP } from "../cast.ts";
import type { Actor, Call, Chapter } from "../record.ts";

const INVOICES = "example-shop-invoices";
const VAULT = "example-shop-backup-vault";
const INVOICE_KEY = `arn:aws:kms:${HOME}:${SHOP}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;
const BACKUP_KEY = `arn:aws:kms:${HOME}:${BACKUP}:key/1234abcd-12ab-34cd-56ef-ba0987654321`;

function listed(after: number, by: Actor, account: string, bucketName: string, prefix: string): Call {
  return look(after, by, HOME, "s3", "ListObjects", {
    account,
    isDataEvent: true,
    request: {
      "list-type": "2",
      bucketName,
      prefix,
      "encoding-type": "url",
      Host: `${bucketName}.s3.${HOME}.amazonaws.com`,
    },
    additional: { bytesTransferredOut: 18_240 },
    resources: [
      { type: "AWS::S3::Object", ARNPrefix: `arn:aws:s3:::${bucketName}/` },
      bucket(bucketName, account),
    ],
  });
}

/** One object, read by somebody; where its key is KMS's, S3 decrypts on their behalf. */
function taken(after: number, objectKey: string, bytes: number): readonly Call[] {
  const viaS3: Actor = {
    ...deployAdmin,
    userIdentity: { ...deployAdmin.userIdentity, invokedBy: "s3.amazonaws.com" },
    sourceIPAddress: "s3.amazonaws.com",
    userAgent: "s3.amazonaws.com",
    isService: true,
  };
  return [
    look(after, deployAdmin, HOME, "s3", "GetObject", {
      isDataEvent: true,
      request: { bucketName: INVOICES, Host: `${INVOICES}.s3.${HOME}.amazonaws.com`, key: objectKey },
      additional: { bytesTransferredOut: bytes, SSEApplied: "SSE_KMS" },
      resources: [
        { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${INVOICES}/${objectKey}` },
        bucket(INVOICES),
      ],
    }),
    look(0, viaS3, HOME, "kms", "Decrypt", {
      request: {
        encryptionContext: { "aws:s3:arn": `arn:aws:s3:::${INVOICES}/${objectKey}` },
        encryptionAlgorithm: "SYMMETRIC_DEFAULT",
      },
      resources: [key(INVOICE_KEY)],
    }),
  ];
}

const invoices = Array.from({ length: 12 }, (_, month): readonly Call[] => {
  const objectKey = `2025/${String(month + 1).padStart(2, "0")}/invoices.csv`;
  return taken(month === 0 ? 7 : 2, objectKey, 1_482_133 + 9_311 * month);
}).flat();

const PUBLIC_POLICY: JsonObject = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "sync",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::${VAULT}/*`,
    },
  ],
};

/** What the intruder came for: invoices read, a snapshot shared, backups opened to the world, keys attacked. */
export const data: Chapter = {
  name: "6-data",
  begins: "2026-02-11T03:22:40Z",
  calls: [
    listed(0, deployAdmin, SHOP, INVOICES, "2025/"),
    ...invoices,
    look(12, deployAdmin, HOME, "secretsmanager", "GetSecretValue", {
      request: { secretId: "shop/database" },
    }),
    look(4, deployAdmin, HOME, "ec2", "DescribeSnapshots", {
      request: {
        snapshotSet: {},
        ownersSet: { items: [{ owner: "self" }] },
        sharedUsersSet: {},
        filterSet: {},
      },
    }),
    change(10, deployAdmin, HOME, "ec2", "CreateSnapshot", {
      request: { volumeId: "vol-1234567890abcdef0", description: "sync" },
      response: {
        requestId: "5c4a7f3e-9d3b-4b0c-8f3e-7d2aEXAMPLE",
        snapshotId: "snap-066877671789bd71b",
        volumeId: "vol-1234567890abcdef0",
        status: "pending",
        startTime: 1_770_780_223_000,
        ownerId: SHOP,
        volumeSize: "100",
        encrypted: false,
      },
    }),
    change(94, deployAdmin, HOME, "ec2", "ModifySnapshotAttribute", {
      request: {
        snapshotId: "snap-066877671789bd71b",
        createVolumePermission: { add: { items: [{ userId: INTRUDER_ACCOUNT }] } },
        attributeType: "CREATE_VOLUME_PERMISSION",
      },
      response: { requestId: "b7f0c2d4-3e0f-4c57-a6a1-90c1EXAMPLE", _return: true },
    }),
    listed(30, backupOperator, BACKUP, VAULT, ""),
    look(2, backupOperator, HOME, "s3", "GetBucketPublicAccessBlock", {
      account: BACKUP,
      request: bucketRequest(VAULT, HOME, "publicAccessBlock"),
      resources: [bucket(VAULT, BACKUP)],
    }),
    change(3, backupOperator, HOME, "s3", "DeleteBucketPublicAccessBlock", {
      account: BACKUP,
      request: bucketRequest(VAULT, HOME, "publicAccessBlock"),
      resources: [bucket(VAULT, BACKUP)],
    }),
    change(2, backupOperator, HOME, "s3", "PutBucketPolicy", {
      account: BACKUP,
      request: { ...bucketRequest(VAULT, HOME, "policy"), bucketPolicy: PUBLIC_POLICY },
      additional: { bytesTransferredIn: 173, bytesTransferredOut: 0 },
      resources: [bucket(VAULT, BACKUP)],
    }),
    look(9, backupOperator, HOME, "kms", "ListKeys", { account: BACKUP, request: { limit: 100 } }),
    look(1, backupOperator, HOME, "kms", "DescribeKey", {
      account: BACKUP,
      request: { keyId: BACKUP_KEY },
      resources: [key(BACKUP_KEY, BACKUP)],
    }),
    change(4, backupOperator, HOME, "kms", "CreateGrant", {
      account: BACKUP,
      request: {
        keyId: BACKUP_KEY,
        granteePrincipal: `arn:aws:iam::${INTRUDER_ACCOUNT}:root`,
        operations: ["Decrypt", "DescribeKey"],
      },
      response: {
        grantId: "abcde1237f76e4ba7987489ac329fbfba6ad343d6f7075dbd1ef191f0120514a",
        keyId: BACKUP_KEY,
      },
      resources: [key(BACKUP_KEY, BACKUP)],
    }),
    change(8, backupOperator, HOME, "kms", "ScheduleKeyDeletion", {
      account: BACKUP,
      request: { keyId: BACKUP_KEY, pendingWindowInDays: 7 },
      ...denied(backupOperator, "kms:ScheduleKeyDeletion", BACKUP_KEY),
      resources: [key(BACKUP_KEY, BACKUP)],
    }),
    change(3, backupOperator, HOME, "kms", "DisableKey", {
      account: BACKUP,
      request: { keyId: BACKUP_KEY },
      response: { keyId: BACKUP_KEY },
      resources: [key(BACKUP_KEY, BACKUP)],
    }),
  ],
};
