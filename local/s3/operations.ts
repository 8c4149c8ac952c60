import type { ApiRequest } from "../../shared/api/http.ts";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from "./bucket-operations.ts";
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from "./bucket-policy-operations.ts";
import { bucketSettings } from "./bucket-settings.ts";
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from "./bucket-tag-operations.ts";
import type { S3Operation } from "./call.ts";
import { copyObject } from "./copy-object.ts";
import { deleteObjects } from "./delete-objects.ts";
import { listObjects, listObjectsV2, listObjectVersions } from "./list-objects.ts";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPart,
} from "./multipart-operations.ts";
import { deleteObject, getObject, putObject } from "./object-operations.ts";
import { s3Error } from "./s3-error.ts";
import type { S3Target } from "./target.ts";

/** Operations on the service, on a bucket and on an object: by method, and sub-resource where there is one. */
const operations: Readonly<Record<"service" | "bucket" | "object", Readonly<Record<string, S3Operation>>>> = {
  service: { GET: listBuckets },
  bucket: {
    PUT: createBucket,
    HEAD: headBucket,
    DELETE: deleteBucket,
    GET: (call) => (call.request.query.get("list-type") === "2" ? listObjectsV2(call) : listObjects(call)),
    "GET ?location": getBucketLocation,
    "POST ?delete": deleteObjects,
    "PUT ?policy": putBucketPolicy,
    "GET ?policy": getBucketPolicy,
    "DELETE ?policy": deleteBucketPolicy,
    "PUT ?tagging": putBucketTagging,
    "GET ?tagging": getBucketTagging,
    "DELETE ?tagging": deleteBucketTagging,
    "GET ?versions": listObjectVersions,
    ...bucketSettings,
  },
  object: {
    PUT: (call) => ("x-amz-copy-source" in call.request.headers ? copyObject(call) : putObject(call)),
    GET: getObject,
    HEAD: getObject,
    DELETE: deleteObject,
    "POST ?uploads": createMultipartUpload,
    "PUT ?partNumber": uploadPart,
    "POST ?uploadId": completeMultipartUpload,
    "DELETE ?uploadId": abortMultipartUpload,
  },
};

/** Query parameters that make another operation of a request. Those that S3 does not know it ignores. */
const subResources = [
  "abac",
  "accelerate",
  "acl",
  "analytics",
  "attributes",
  "cors",
  "delete",
  "encryption",
  "intelligent-tiering",
  "inventory",
  "legal-hold",
  "lifecycle",
  "location",
  "logging",
  "metadataConfiguration",
  "metadataTable",
  "metrics",
  "notification",
  "object-lock",
  "ownershipControls",
  "partNumber",
  "policy",
  "policyStatus",
  "publicAccessBlock",
  "renameObject",
  "replication",
  "requestPayment",
  "restore",
  "retention",
  "select",
  "session",
  "tagging",
  "torrent",
  "uploadId",
  "uploads",
  "versionId",
  "versioning",
  "versions",
  "website",
];

/**
 * The operation that a request calls.
 * @throws NotImplemented for the rest of S3, MethodNotAllowed for what S3 has not either
 */
export function operationOf({ method, query }: ApiRequest, { bucket, key }: S3Target): S3Operation {
  const target = bucket === undefined ? "service" : key === undefined ? "bucket" : "object";
  const subResource = subResources.find((name) => query.has(name));
  const operation = operations[target][subResource === undefined ? method : `${method} ?${subResource}`];
  if (operation !== undefined) {
    return operation;
  }

  if (subResource === undefined) {
    throw s3Error("MethodNotAllowed");
  }
  throw s3Error(
    "NotImplemented",
    `OpenTrail's part of S3 does not have ${method} ?${subResource} of a${target === "object" ? "n object" : " bucket"}.`,
  );
}
