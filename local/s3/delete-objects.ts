import type { ApiResponse } from "../../shared/api/http.ts";
import type { S3Call } from "./call.ts";
import { s3Error } from "./s3-error.ts";
import { readUpload } from "./upload.ts";
import { children, childText, parseXml, xmlResponse } from "./xml.ts";

const mostKeys = 1000;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects({ request, bucket, objects }: S3Call): Promise<ApiResponse> {
  const document = parseXml(readUpload(request).content, "Delete");
  const keys = children(document, "Object").map((object) => {
    const key = childText(object, "Key");
    if (key === undefined || key === "") {
      throw s3Error("MalformedXML");
    }
    // The version of an object in a bucket that never had versions.
    if ((childText(object, "VersionId") ?? "null") !== "null") {
      throw s3Error("NotImplemented", "OpenTrail's part of S3 has no versions of objects.");
    }
    return key;
  });
  if (keys.length === 0 || keys.length > mostKeys) {
    throw s3Error("MalformedXML");
  }

  for (const key of keys) {
    await objects.delete(bucket, key);
  }
  const quiet = childText(document, "Quiet") === "true";
  return xmlResponse("DeleteResult", quiet ? {} : { Deleted: keys.map((key) => ({ Key: key })) });
}
