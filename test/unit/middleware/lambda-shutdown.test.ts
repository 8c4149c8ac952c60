import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, it } from "vitest";
import { CHANNEL_ARN } from "../../support/audit-events.ts";
import { startAuditServer } from "../../support/audit-server.ts";

const RECORDER = path.join(import.meta.dirname, "../../../middleware/audit-recorder.ts");

const PROGRAM = `
  import { AuditRecorder } from ${JSON.stringify(RECORDER)};
  const recorder = new AuditRecorder({ flushIntervalMs: 60_000 });
  recorder.record({
    eventSource: "shop.example.com",
    eventName: "RefundOrder",
    userIdentity: { type: "Customer", principalId: "ana" },
  });
  setInterval(() => undefined, 1_000);
  console.log("recorded");
`;

async function run(environment: Readonly<Record<string, string>>) {
  const server = await startAuditServer();
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", PROGRAM], {
    env: {
      ...process.env,
      ...environment,
      OPENTRAIL_CHANNEL_ARN: CHANNEL_ARN,
      AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: server.endpoint,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  const [, signal] = await once(child, "exit");
  await server.stop();
  return { signal, calls: server.requests.length };
}

it("on Lambda what waits is sent at SIGTERM, and the process then ends as it would have", async () => {
  expect(await run({ AWS_LAMBDA_FUNCTION_NAME: "shop" })).toEqual({ signal: "SIGTERM", calls: 1 });
});

it("elsewhere signals are the application's own affair", async () => {
  expect(await run({})).toEqual({ signal: "SIGTERM", calls: 0 });
});
