import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import { CLOUDTRAIL_MODEL } from "../../shared/api/service-model.ts";
import { arbitraryInput } from "../support/arbitrary-input.ts";
import {
  ACCOUNT_AUTHORIZATION,
  makeTrail,
  putRecords,
  waitUntilDelivered,
} from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const DAY_SECONDS = 86_400;
const RECORDS = 30_000;
const RECORDS_A_CALL = 5_000;
const SOURCES = ["ec2", "iam", "s3", "kms", "lambda"];
/** Far more than any call takes on a busy machine. */
const HANG_MS = 10_000;

let host: TestHost;
let names: readonly string[];
const now = Math.floor(Date.now() / 1000);

beforeAll(async () => {
  host = await startTestHost({ intercept: { eventBus: () => new MemoryEventBus() } });
  await makeTrail(host.endpoint, "fuzzed", "fuzzed-logs");
  for (let first = 0; first < RECORDS; first += RECORDS_A_CALL) {
    const lines = Array.from({ length: RECORDS_A_CALL }, (_, index) => oldRecord(first + index));
    expect(await (await putRecords(host.endpoint, lines.join("\n"))).json()).toMatchObject({ rejected: [] });
  }
  await waitUntilDelivered(host.endpoint, 90_000);
  const page = await call("LookupEvents", JSON.stringify({ MaxResults: 2 }));
  const { NextToken, Events } = page.answer as { NextToken: string; Events: { EventId: string }[] };
  const arn = "arn:aws:cloudtrail:us-east-1:111122223333:trail/fuzzed";
  names = [
    ...["fuzzed", "fuzzed-logs", arn, NextToken, Events[0]?.EventId ?? "", "RunInstances", "user-7"],
    ...["ec2.amazonaws.com", "AKIAIOSFODNN7EXAMPLE", "true", "", "x"],
  ];
});

afterAll(() => host.remove());

/** A record of one of the last 80 days. */
function oldRecord(index: number): string {
  return recordLine({
    eventTime: `${new Date((now - (index % 80) * DAY_SECONDS - index) * 1000).toISOString().slice(0, 19)}Z`,
    eventSource: `${SOURCES[index % SOURCES.length]}.amazonaws.com`,
    eventName: index % 3 === 0 ? "RunInstances" : `Call${index % 500}`,
    readOnly: index % 4 === 0,
    userIdentity: { type: "IAMUser", userName: `user-${index % 97}`, accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
  });
}

async function call(operation: string, body: string | Uint8Array<ArrayBuffer>) {
  const response = await fetch(host.endpoint, {
    method: "POST",
    headers: {
      authorization: ACCOUNT_AUTHORIZATION,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${operation}`,
    },
    body,
    signal: AbortSignal.timeout(HANG_MS),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function events(query: object): Promise<readonly unknown[]> {
  return (await call("LookupEvents", JSON.stringify(query))).answer.Events as readonly unknown[];
}

/** Every operation, and lookups more often than the others. */
const operation = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(CLOUDTRAIL_MODEL.operations)) },
  { weight: 1, arbitrary: fc.constant("LookupEvents") },
);

/** Lookups as clients make them, some with what does not go together: times, attributes, tokens. */
function anyLookup(): fc.Arbitrary<object> {
  const time = fc.integer({ min: now - 100 * DAY_SECONDS, max: now + DAY_SECONDS });
  const wellFormed = fc.record({
    AttributeKey: fc.constantFrom(
      "EventName",
      "EventSource",
      "Username",
      "ReadOnly",
      "AccessKeyId",
      "EventId",
    ),
    AttributeValue: fc.constantFrom(...names.slice(4).filter((name) => name !== "")),
  });
  const attribute = fc.oneof(
    { weight: 4, arbitrary: wellFormed },
    { weight: 1, arbitrary: arbitraryInput(CLOUDTRAIL_MODEL, "LookupAttribute", names) },
  );
  const query = {
    StartTime: time,
    EndTime: time,
    MaxResults: fc.integer({ min: 1, max: 50 }),
    LookupAttributes: fc.array(attribute, { minLength: 1, maxLength: 1 }),
  };
  return fc.oneof(
    { weight: 5, arbitrary: fc.record(query, { requiredKeys: [] }) },
    {
      weight: 1,
      arbitrary: fc.record({ ...query, NextToken: fc.constantFrom(...names) }, { requiredKeys: [] }),
    },
  );
}

test("random JSON against every operation of a host with a filled history gets no 500, and no call hangs", async () => {
  const sent = new Set<string>();
  const codes = new Map<number, number>();
  const anyCall = operation.chain((name) => {
    const { input = "" } = CLOUDTRAIL_MODEL.operations[name] ?? {};
    return fc.tuple(fc.constant(name), arbitraryInput(CLOUDTRAIL_MODEL, input, names));
  });

  await fc.assert(
    fc.asyncProperty(anyCall, async ([name, input]) => {
      const { status } = await call(name, JSON.stringify(input) ?? "");
      sent.add(name);
      codes.set(status, (codes.get(status) ?? 0) + 1);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 2_500 },
  );

  expect(sent.size).toBe(Object.keys(CLOUDTRAIL_MODEL.operations).length);
  expect([...codes.keys()].sort()).toEqual([200, 400]);
});

test("lookups of all kinds in a filled history are answered, and tell what they found or what is wrong", async () => {
  let found = 0;
  await fc.assert(
    fc.asyncProperty(anyLookup(), async (query) => {
      const { status, answer } = await call("LookupEvents", JSON.stringify(query));
      expect([200, 400]).toContain(status);
      found += status === 200 ? (answer.Events as readonly unknown[]).length : 0;
    }),
    { numRuns: 1_000 },
  );

  expect(found).toBeGreaterThan(1_000);
});

test("bytes that are no request are refused, and the history is still there", async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
    fc.json({ depthSize: "large" }).map((text) => new TextEncoder().encode(text)),
  );
  await fc.assert(
    fc.asyncProperty(operation, body, async (name, bytes) => {
      expect((await call(name, bytes)).status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );

  const old = await events({ StartTime: now - 85 * DAY_SECONDS, EndTime: now - 79 * DAY_SECONDS });
  expect(old).toHaveLength(50);
});
