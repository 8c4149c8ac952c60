import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import type { OperationContext, OperationName } from "../../shared/api/operation.ts";
import { isSupported, operationNamed } from "../../shared/api/operations.ts";
import { CLOUDTRAIL_DATA_MODEL, CLOUDTRAIL_MODEL } from "../../shared/api/service-model.ts";
import { testCaller } from "../support/api-request.ts";

const PAGE = readFileSync(path.join(import.meta.dirname, "../../docs/compatibility.md"), "utf8");

/** The table's rows: operation, state, what to know. */
const ROWS = [...PAGE.matchAll(/^\| (\w+) \| (works|not yet) \|(.*)\|$/gm)].map(
  ([, name = "", state = "", note = ""]) => ({ name, state, note: note.trim() }),
);

const OPERATIONS = Object.keys(CLOUDTRAIL_MODEL.operations) as OperationName[];

describe("docs/compatibility.md", () => {
  test("has a row for each operation of the service models, in order", () => {
    const operations = [...OPERATIONS.sort(), ...Object.keys(CLOUDTRAIL_DATA_MODEL.operations)];

    expect(ROWS.map(({ name }) => name)).toEqual(operations);
  });

  test("says of each operation whether it works", () => {
    const states = OPERATIONS.map((name) => ({ name, state: isSupported(name) ? "works" : "not yet" }));

    expect(ROWS.map(({ name, state }) => ({ name, state }))).toEqual([
      ...states,
      { name: "PutAuditEvents", state: "works" },
    ]);
  });

  test.each(ROWS.filter(({ state }) => state === "not yet"))(
    "what $name is part of is what its refusal says",
    async ({ name, note }) => {
      // An operation that is not there yet touches nothing of its context.
      const context = { caller: testCaller(), clock: new MemoryClock(0) } as unknown as OperationContext;

      const refusal = operationNamed(name as OperationName).run({}, context);

      await expect(refusal).rejects.toMatchObject({
        code: "UnsupportedOperationException",
        message: `OpenTrail does not have ${note} yet: ${name} is not supported.`,
      });
    },
  );
});
