import { type BlockStore, makeBlockStore } from "../adapters/aws/block-store.ts";
import { HERE, type Home } from "./clients/settings.ts";
import type { Environment } from "./environment.ts";
import { lazyPort } from "./lazy-port.ts";

/** Blocks in messages; S3 is for the few that do not fit one. @throws InvalidEnvironment */
export function composeBlocks(env: Environment, home: Home = HERE): BlockStore {
  const bucket = env.text("OPENTRAIL_BLOCKS_BUCKET");
  return makeBlockStore(
    lazyPort(async () => (await import("./clients/s3.ts")).openBlockObjects(env, bucket, home)),
  );
}
