import type { XmlElements } from "../xml.ts";
import type { S3Call, S3Operation } from "./call.ts";
import { type S3ErrorCode, s3Error } from "./s3-error.ts";
import { xmlResponse } from "./xml.ts";

/**
 * What a bucket here says of settings that it does not have: what S3 says of a bucket where nobody has made them. Terraform
 * and others read all of them.
 */
export const bucketSettings: Readonly<Record<string, S3Operation>> = {
  "GET ?accelerate": empty("AccelerateConfiguration"),
  "GET ?acl": getBucketAcl,
  "GET ?cors": absent("NoSuchCORSConfiguration"),
  "GET ?encryption": absent("ServerSideEncryptionConfigurationNotFoundError"),
  "GET ?lifecycle": absent("NoSuchLifecycleConfiguration"),
  "GET ?logging": empty("BucketLoggingStatus"),
  "GET ?notification": empty("NotificationConfiguration"),
  "GET ?object-lock": absent("ObjectLockConfigurationNotFoundError"),
  "GET ?ownershipControls": absent("OwnershipControlsNotFoundError"),
  "GET ?publicAccessBlock": absent("NoSuchPublicAccessBlockConfiguration"),
  "GET ?replication": absent("ReplicationConfigurationNotFoundError"),
  "GET ?requestPayment": empty("RequestPaymentConfiguration", { Payer: "BucketOwner" }),
  "GET ?versioning": empty("VersioningConfiguration"),
  "GET ?website": absent("NoSuchWebsiteConfiguration"),
};

function empty(root: string, content: XmlElements = {}): S3Operation {
  return async (call) => {
    await checkBucket(call);
    return xmlResponse(root, content);
  };
}

function absent(code: S3ErrorCode): S3Operation {
  return async (call) => {
    await checkBucket(call);
    throw s3Error(code);
  };
}

/** Its owner has everything, and nobody else anything: what a bucket is without ACLs. */
async function getBucketAcl(call: S3Call): ReturnType<S3Operation> {
  const owner = await checkBucket(call);
  const identity = { ID: owner, DisplayName: owner };
  return xmlResponse("AccessControlPolicy", {
    Owner: identity,
    AccessControlList: {
      Grant: {
        Grantee: {
          "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
          "@xsi:type": "CanonicalUser",
          ...identity,
        },
        Permission: "FULL_CONTROL",
      },
    },
  });
}

/** The account of the bucket. @throws NoSuchBucket */
async function checkBucket({ bucket, objects }: S3Call): Promise<string> {
  const found = await objects.bucket(bucket);
  if (found === undefined) {
    throw s3Error("NoSuchBucket");
  }
  return found.accountId;
}
