import { S3Client } from "@aws-sdk/client-s3";
import { type BlockObjects, s3BlockObjects } from "../../adapters/aws/block-objects.ts";
import { s3ObjectStore } from "../../adapters/aws/object-store.ts";
import { systemClock } from "../../adapters/system-clock.ts";
import type { ObjectStore } from "../../ports/object-store.ts";
import type { Environment } from "../environment.ts";
import { HERE, type Home, REQUEST_LIMITS } from "./settings.ts";

/** A trail's bucket may be in another region: S3 says which, and the client follows. */
export function s3(env: Environment, home: Home = HERE): S3Client {
  return new S3Client({
    ...REQUEST_LIMITS,
    ...home,
    followRegionRedirects: true,
    forcePathStyle: env.hasS3Endpoint,
  });
}

export function openObjects(env: Environment): ObjectStore {
  return s3ObjectStore(s3(env), systemClock);
}

/** Blocks that do not fit a message. */
export function openBlockObjects(env: Environment, bucket: string, home: Home = HERE): BlockObjects {
  return s3BlockObjects(s3(env, home), bucket);
}
