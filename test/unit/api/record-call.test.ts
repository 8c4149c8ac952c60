import { expect, it } from "vitest";
import { recordOfCall } from "../../../shared/api/record-call.ts";
import { CLOUDTRAIL_MODEL } from "../../../shared/api/service-model.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../shared/event/json.ts";
import { testCaller } from "../../support/api-request.ts";
import { corpusLines, describeWithCorpus } from "../../support/corpus.ts";

/** The request that recorded parameters tell of: members are named as the model has them. */
function asSent(shapeName: string, recorded: JsonValue): JsonValue {
  const { members = {}, member } = CLOUDTRAIL_MODEL.shapes[shapeName] ?? {};
  if (Array.isArray(recorded)) return recorded.map((each) => asSent(member?.shape ?? "", each));
  if (!isJsonObject(recorded)) return recorded;
  const byRecordedName = new Map(
    Object.entries(members).map(([name, { shape }]) => [
      name.slice(0, 1).toLowerCase() + name.slice(1),
      { name, shape },
    ]),
  );
  return Object.fromEntries(
    Object.entries(recorded).map(([name, value]) => {
      const known = byRecordedName.get(name);
      return [known?.name ?? name, asSent(known?.shape ?? "", value ?? null)];
    }),
  );
}

const realCalls = () =>
  corpusLines("records", "invictus-aws-dataset.jsonl.gz")
    .map((line) => JSON.parse(line) as JsonObject)
    .filter(({ eventSource }) => eventSource === "cloudtrail.amazonaws.com");

describeWithCorpus("the record of a call, beside AWS's own record of such a call", () => {
  it("has the same parameters and answer, and every member that AWS's has but those of TLS and the session", () => {
    const calls = realCalls();

    expect(calls.length).toBeGreaterThan(30);
    for (const call of calls) {
      const operation = String(call.eventName);
      const model = CLOUDTRAIL_MODEL.operations[operation];
      const record = recordOfCall(
        {
          operation,
          readOnly: call.readOnly === true,
          input: asSent(model?.input ?? "", call.requestParameters ?? {}) as JsonObject,
          result: { output: asSent(model?.output ?? "", call.responseElements ?? {}) as JsonObject },
          time: Date.parse(String(call.eventTime)),
        },
        testCaller(),
      );

      const { tlsDetails, sessionCredentialFromConsole, errorCode, errorMessage, ...members } = call;
      expect(Object.keys(record).sort()).toEqual(Object.keys(members).sort());
      expect(record.requestParameters).toEqual(call.requestParameters);
      expect(record.responseElements).toEqual(call.responseElements);
      expect(record.eventTime).toBe(call.eventTime);
    }
  });
});
