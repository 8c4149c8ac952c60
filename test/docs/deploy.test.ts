import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = path.join(import.meta.dirname, "../..");
const PAGE = readFileSync(path.join(ROOT, "docs/deploy.md"), "utf8");
const CONFIGURATION = readFileSync(path.join(ROOT, "serverless.yml"), "utf8");

/** What stands under `params.default`, by name. */
function defaults(): readonly (readonly [string, string])[] {
  const [, section = ""] = /^params:\n {2}default:\n(.*?)^ {2}local:/ms.exec(CONFIGURATION) ?? [];
  return [...section.matchAll(/^ {4}(\w+): (.*)$/gm)].map(([, name = "", value = ""]) => [
    name,
    value.replaceAll('"', ""),
  ]);
}

describe("docs/deploy.md", () => {
  test("has a row for each parameter, in order, with its default", () => {
    const [, table = ""] = /^## Parameters$(.*?)^## /ms.exec(PAGE) ?? [];
    const rows = [...table.matchAll(/^\| `(\w+)` \| (?:`([^`]*)` )?\|/gm)];

    expect(rows.map(([, name, value = ""]) => [name, value])).toEqual(defaults());
    expect(rows).not.toEqual([]);
  });

  test("names every output", () => {
    const outputs = readFileSync(path.join(ROOT, "deploy/resources/outputs.yml"), "utf8");
    const names = [...outputs.matchAll(/^ {2}(\w+):$/gm)].map(([, name = ""]) => name);

    expect(names).toContain("EndpointUrl");
    for (const name of names) expect(PAGE).toContain(`\`${name}\``);
  });

  test("says of all resource rights but the one that it names that they are narrower", () => {
    const folder = path.join(ROOT, "deploy/roles");
    const unbounded = readdirSync(folder).flatMap((file) => [
      ...readFileSync(path.join(folder, file), "utf8").matchAll(/^- Action: (\S+)\n {2}Resource: "\*"/gm),
    ]);

    expect(unbounded).not.toEqual([]);
    for (const [, action = ""] of unbounded) expect(PAGE).toContain(`\`${action}\``);
  });
});
