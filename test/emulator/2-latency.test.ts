import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, json } from "node:stream/consumers";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { ZipFile } from "yazl";
import { percentile } from "../../bench/measure.ts";
import { makeChannel } from "./channel.ts";
import { emulatorSettings } from "./deployment.ts";
import { makeCallable } from "./endpoint.ts";
import { makeTrail } from "./trail.ts";
import { ACCOUNT, events, eventually, output } from "./world.ts";

const NAME = "latency-remediation";
const EVENTS = 100;

/** A remediation that says when it was started, and for which event. */
const HANDLER = `
  exports.handler = async ({ detail }) => {
    const startedAt = Date.now();
    await fetch(process.env.TOLD, { method: "POST", body: JSON.stringify({ uid: detail.eventData.UID, startedAt }) });
  };`;

interface Start {
  readonly uid: string;
  readonly startedAt: number;
}

const starts = new Map<string, number>();
const told = createServer((message, answer) => {
  void json(message).then((start) => {
    const { uid, startedAt } = start as Start;
    if (!starts.has(uid)) starts.set(uid, startedAt);
    answer.end();
  });
});

beforeAll(async () => {
  await makeCallable();
  // Events are emitted for trails that log.
  await makeTrail("latency");
  await new Promise<void>((resolve) => told.listen(0, "127.0.0.1", resolve));
  const lambda = new LambdaClient(emulatorSettings(inject("emulator")));
  const { FunctionArn = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: NAME,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${ACCOUNT}:role/any`,
      Code: { ZipFile: await archiveOf("index.js", HANDLER) },
      Environment: { Variables: { TOLD: `http://127.0.0.1:${(told.address() as AddressInfo).port}` } },
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: NAME,
      StatementId: "rule",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
    }),
  );
  const EventBusName = output("EventBusName");
  const EventPattern = JSON.stringify({ detail: { eventData: { eventName: ["LatencyProbe"] } } });
  await events.send(new PutRuleCommand({ Name: NAME, EventBusName, EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: NAME, EventBusName, Targets: [{ Id: NAME, Arn: FunctionArn }] }),
  );
});

afterAll(() => told.close());

async function archiveOf(name: string, text: string): Promise<Buffer> {
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from(text), name);
  archive.end();
  return buffer(archive.outputStream);
}

it("a remediation starts within 5 s of PutAuditEvents, at the 99th percentile", async () => {
  const putEvent = await makeChannel("latency");
  const sentAt = new Map<string, number>();

  for (let index = 0; index < EVENTS; index += 1) {
    const UID = `probe-${index}`;
    sentAt.set(UID, Date.now());
    await putEvent({ eventName: "LatencyProbe", UID });
  }
  await eventually("not all events started the remediation", async () => starts.size === EVENTS);

  const latencies = [...sentAt].map(([uid, sent]) => (starts.get(uid) ?? Number.POSITIVE_INFINITY) - sent);
  const p99 = percentile(latencies, 0.99);
  console.log(
    `From PutAuditEvents to the remediation's start: p50 ${percentile(latencies, 0.5)} ms, p99 ${p99} ms of ${EVENTS} events`,
  );
  expect(p99).toBeLessThan(5_000);
});
