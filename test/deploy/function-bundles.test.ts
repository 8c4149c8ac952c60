import path from "node:path";
import { type BuildResult, build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { FUNCTION_BUNDLES, FUNCTIONS } from "../../scripts/function-bundles.ts";
import { zippedBytes } from "../support/zipped-bytes.ts";

const MOST_ZIPPED_BYTES = 300_000;

describe("the functions' bundles", () => {
  let built: BuildResult<{ metafile: true; write: false }>;

  beforeAll(async () => {
    built = await build({
      ...FUNCTION_BUNDLES,
      entryPoints: FUNCTIONS.map((name) => `functions/${name}.ts`),
      outbase: "functions",
      outdir: "dist/functions",
      metafile: true,
      write: false,
    });
  });

  const bundle = (name: string): Uint8Array => {
    const file = built.outputFiles.find(({ path: file }) =>
      file.endsWith(path.join("functions", `${name}.cjs`)),
    );
    return file?.contents ?? new Uint8Array();
  };

  it("there is one for every handler", () => {
    expect(FUNCTIONS).toContain("deliver/log-files");
    expect(FUNCTIONS.filter((name) => bundle(name).length === 0)).toEqual([]);
  });

  it.each(FUNCTIONS)("%s is under 300 KB zipped", (name) => {
    expect(zippedBytes("index.cjs", bundle(name))).toBeLessThan(MOST_ZIPPED_BYTES);
  });

  it("have no providers of credentials but the environment", () => {
    const inputs = Object.keys(built.metafile.inputs).join("\n");

    expect(inputs).toContain("shared/adapters/aws/function-credentials.ts");
    expect(inputs).not.toMatch(/credential-provider|nested-clients/);
  });

  it("have none of S3's operations that nobody sends", () => {
    const text = Buffer.from(bundle("deliver/log-files")).toString();

    expect(text).toContain("PutObjectRequest");
    expect(text).not.toContain("GetBucketAnalyticsConfiguration");
  });
});
