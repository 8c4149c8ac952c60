import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSignatureClaim } from "../../shared/api/credential-scope.ts";
import type { OperationName } from "../../shared/api/operation.ts";
import { isSupported } from "../../shared/api/operations.ts";
import { cloudTrailRequest, testCaller } from "../support/api-request.ts";
import { describeWithBoto3 } from "../support/boto3.ts";
import {
  CONTENDED_CASES,
  ERROR_CASES,
  type ErrorCase,
  MANAGEMENT,
  OPERATIONS,
  UNSUPPORTED_CASES,
  withShop,
} from "../support/error-cases.ts";
import { type ErrorWorld, makeErrorWorld } from "../support/error-world.ts";
import { type ApiCall, OPERATIONS_WALK } from "../support/operations-walk.ts";
import { type ServiceServer, serveService } from "../support/service-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What a client made of a call. */
interface Outcome {
  readonly operation: OperationName;
  readonly answer?: unknown;
  readonly error?: string;
}

// The AWS CLI's own code in one process of Python: some two hundred processes of a second each would say the same.
for (const client of ["boto3", "aws"]) {
  describeWithBoto3(`every operation, with ${client}`, (run) => {
    const folder = temporaryFolder();
    let world: ErrorWorld;
    let server: ServiceServer;

    beforeAll(async () => {
      world = await makeErrorWorld();
      server = await serveWorld(world);
    });

    afterAll(async () => {
      await server.close();
      folder.remove();
    });

    it("of OpenTrail's is done, and its answer is what was sent", async () => {
      const ours = await makeErrorWorld();
      const theirs = await makeErrorWorld();
      const walked = await serveWorld(theirs);

      const outcomes = await outcomesOf(OPERATIONS_WALK, walked.endpoint, theirs.shop);

      await walked.close();
      expect(outcomes.map(comparable)).toEqual((await sentAnswers(ours)).map(comparable));
      expect(new Set(outcomes.map(({ operation }) => operation))).toEqual(
        new Set(OPERATIONS.filter(isSupported)),
      );
    }, 120_000);

    it("names the modelled errors of calls that cannot be done, and of operations that OpenTrail does not have", async () => {
      const cases = [...ERROR_CASES, ...UNSUPPORTED_CASES];

      expect(await outcomesOf(callsOf(cases), server.endpoint, world.shop)).toEqual(errorsOf(cases));
    }, 120_000);

    it("names the error of calls that others are always ahead of", async () => {
      await world.contend();

      expect(await outcomesOf(callsOf(CONTENDED_CASES), server.endpoint, world.shop)).toEqual(
        errorsOf(CONTENDED_CASES),
      );
    }, 120_000);

    async function outcomesOf(
      calls: readonly ApiCall[],
      endpoint: string,
      shop: string,
    ): Promise<readonly Outcome[]> {
      const file = path.join(folder.path, "calls.json");
      const described = calls.map(
        ([operation, input, { accountId = MANAGEMENT, region = "us-east-1" } = {}]) => ({
          operation,
          input: withShop(input, shop),
          accountId,
          region,
        }),
      );
      writeFileSync(file, JSON.stringify(described));
      const script = path.join(import.meta.dirname, "client-calls.py");
      const { stdout, stderr } = await run(endpoint, script, [client, file]);
      expect(stderr).toBe("");
      const outcomes = JSON.parse(stdout) as readonly Omit<Outcome, "operation">[];
      return calls.map(([operation], index) => ({ operation, ...outcomes[index] }));
    }
  });
}

/** Serves a world's API to callers whose access key is their account. */
function serveWorld({ api }: ErrorWorld): Promise<ServiceServer> {
  return serveService(api, (request) => {
    const { accessKeyId = MANAGEMENT, region = "us-east-1" } = readSignatureClaim(request) ?? {};
    return { accountId: accessKeyId, region };
  });
}

/** What the API sends on the walk, as it is on the wire. */
async function sentAnswers({ api, shop }: ErrorWorld): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [operation, input, caller] of OPERATIONS_WALK) {
    const { body } = await api(cloudTrailRequest(operation, withShop(input, shop)), testCaller(caller));
    outcomes.push({ operation, answer: JSON.parse(String(body)) });
  }
  return outcomes;
}

/** With ids that differ from world to world in one form, and times, which clients show in forms of their own, as seconds. */
function comparable(outcome: Outcome): unknown {
  const text = JSON.stringify(outcome).replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "ID");
  return JSON.parse(text, (name, value) =>
    /(?:Time|Timestamp)$/.test(name) && typeof value === "string" ? Date.parse(value) / 1_000 : value,
  );
}

function callsOf(cases: readonly ErrorCase[]): readonly ApiCall[] {
  return cases.map(([operation, , input, caller]) => [operation, input, caller]);
}

function errorsOf(cases: readonly ErrorCase[]): readonly Outcome[] {
  return cases.map(([operation, error]) => ({ operation, error }));
}
