import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildMiddleware } from "../../scripts/build-middleware.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const SAMPLES = [
  ...readFileSync(path.join(ROOT, "docs/middleware.md"), "utf8").matchAll(/^```ts\n(.*?)^```$/gms),
].map(([, sample = ""]) => sample);

const folder = temporaryFolder();
const installed = path.join(folder.path, "node_modules/opentrail");

/** A project that has OpenTrail installed, as npm would lay it out. */
beforeAll(async () => {
  await buildMiddleware(path.join(installed, "dist/middleware"));
  copyFileSync(path.join(ROOT, "package.json"), path.join(installed, "package.json"));
  for (const name of ["@middy", "@types"]) {
    symlinkSync(path.join(ROOT, "node_modules", name), path.join(folder.path, "node_modules", name));
  }
  writeFileSync(path.join(folder.path, "package.json"), '{"type":"module"}');
  mkdirSync(path.join(folder.path, "src"));
});

afterAll(() => folder.remove());

function compile(): string {
  const settings = ["--strict", "--noEmit", "--target", "es2022", "--module", "nodenext", "--types", "node"];
  const checks = ["--exactOptionalPropertyTypes", "--skipLibCheck"];
  const files = SAMPLES.map((_, index) => `src/sample-${index}.ts`);
  const compiler = path.join(ROOT, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [compiler, ...settings, ...checks, ...files], { cwd: folder.path });
    return "";
  } catch (error) {
    return String((error as { readonly stdout?: Buffer }).stdout);
  }
}

describe("opentrail/middleware", () => {
  test("has types with which each sample of docs/middleware.md compiles", () => {
    for (const [index, sample] of SAMPLES.entries()) {
      writeFileSync(path.join(folder.path, `src/sample-${index}.ts`), sample);
    }

    expect(SAMPLES.length).toBe(4);
    expect(compile()).toBe("");
  });

  test("has types that find a fault", () => {
    const sample = SAMPLES[0] ?? "";
    writeFileSync(path.join(folder.path, "src/sample-0.ts"), sample.replace("eventSource:", "eventSauce:"));

    expect(compile()).toContain("eventSauce");
  });

  test("is imported from the installed package, and needs no other", () => {
    const program = `
      const { AuditRecorder, auditHandler, auditTrail, audited } = await import("opentrail/middleware");
      console.log([AuditRecorder, auditHandler, auditTrail, audited].map((each) => typeof each).join());
    `;

    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: folder.path,
    });

    expect(String(printed).trim()).toBe("function,function,function,function");
    const bundle = readFileSync(path.join(installed, "dist/middleware/index.js"), "utf8");
    const imported = [...bundle.matchAll(/^import .* from "(.*)";$/gm)].map(([, name = ""]) => name);
    expect(imported.filter((name) => !name.startsWith("node:"))).toEqual([]);
    expect(gzipSync(bundle).length).toBeLessThan(20_000);
  });

  test("is among the package's exports under the paths that the build writes", () => {
    const { exports } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));

    for (const file of Object.values<string>(exports["./middleware"])) {
      expect(statSync(path.join(installed, file)).isFile()).toBe(true);
    }
  });
});
