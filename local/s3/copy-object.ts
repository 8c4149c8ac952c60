import { createHash } from "node:crypto";
import type { ApiResponse } from "../../shared/api/http.ts";
import type { ObjectSettings } from "../../shared/ports/object-store.ts";
import type { S3Call } from "./call.ts";
import { type CopySource, copySource, readSource } from "./copy-source.ts";
import { putAsAsked } from "./object-operations.ts";
import { s3Error } from "./s3-error.ts";
import { checkKey, objectSettings } from "./settings.ts";
import { xmlResponse } from "./xml.ts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export async function copyObject(call: S3Call): Promise<ApiResponse> {
  const { request, bucket, key } = call;
  checkKey(key);
  const asked = objectSettings(request.headers);
  const isReplacing = replacesMetadata(request.headers["x-amz-metadata-directive"]);
  const source = await copySource(call);
  if (!isReplacing && source.bucket === bucket && source.key === key) {
    throw s3Error(
      "InvalidRequest",
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
        "metadata, storage class, website redirect location or encryption attributes.",
    );
  }

  const content = await readSource(call, source);
  await putAsAsked(call, content, isReplacing ? asked : settingsOf(source));
  return xmlResponse("CopyObjectResult", {
    LastModified: new Date().toISOString(),
    ETag: `"${createHash("md5").update(content).digest("hex")}"`,
  });
}

/** @throws InvalidArgument */
function replacesMetadata(directive = "COPY"): boolean {
  if (directive !== "COPY" && directive !== "REPLACE") {
    throw s3Error("InvalidArgument", "Unknown metadata directive.");
  }
  return directive === "REPLACE";
}

function settingsOf({ details }: CopySource): ObjectSettings {
  const { contentType, contentEncoding, metadata } = details;
  return { contentType, metadata, ...(contentEncoding !== undefined && { contentEncoding }) };
}
