import { describe, expect, test } from "vitest";
import {
  MAX_NESTING,
  MAX_RECORD_BYTES,
  type RejectionCode,
  readRecord,
  UnacceptableRecord,
} from "../../../shared/ingest/read-record.ts";
import { corpusLines, describeWithCorpus } from "../../support/corpus.ts";
import { CORPUS_SOURCES } from "../../support/corpus-sources.ts";

const context = { accountId: "111122223333", mayImport: true };

const complete = {
  eventVersion: "1.08",
  userIdentity: null,
  eventTime: "2024-07-30T21:31:10Z",
  eventSource: "sts.amazonaws.com",
  eventName: "AssumeRole",
  awsRegion: "us-east-1",
  eventID: "8a8844ff-dc95-4ef5-87d2-d86cc23fedd0",
  eventType: "AwsApiCall",
  recipientAccountId: "444455556666",
  eventCategory: "Management",
};

function read(record: unknown) {
  return readRecord(Buffer.from(JSON.stringify(record)), context);
}

function refusal(text: Buffer | string): UnacceptableRecord {
  try {
    readRecord(Buffer.from(text), context);
  } catch (error) {
    if (error instanceof UnacceptableRecord) {
      return error;
    }
    throw error;
  }
  throw new Error("The record was accepted");
}

describe("readRecord", () => {
  test("a complete record's text is the very bytes that came", () => {
    const text = Buffer.from(` ${JSON.stringify(complete, null, 1).replace("1.08", "1\\u002e08")}\n`);

    const record = readRecord(text, context);

    expect(record.text).toBe(text);
    expect(record).toMatchObject({
      kind: "management",
      eventTime: Date.parse(complete.eventTime),
      awsRegion: "us-east-1",
      recipientAccountId: "444455556666",
    });
  });

  test("what a record lacks is added at its end, and all before it stays as it came", () => {
    const sent =
      '{"eventTime":"2024-07-30T21:31:10Z","eventSource":"s3.amazonaws.com","n":1.50e1,"eventName":"PutObject","awsRegion":"eu-west-1"}';

    const { text, fields } = readRecord(Buffer.from(sent), context);

    expect(text.toString().startsWith(sent.slice(0, -1))).toBe(true);
    expect(JSON.parse(text.toString())).toEqual(fields);
    expect(fields).toMatchObject({
      eventVersion: "1.11",
      eventType: "AwsApiCall",
      recipientAccountId: "111122223333",
      eventCategory: "Management",
    });
    expect(fields.eventID).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test("a null eventID counts as absent: readers of the text find the added one", () => {
    const { text } = read({ ...complete, eventID: null });

    expect(JSON.parse(text.toString()).eventID).toHaveLength(36);
  });

  test.each([
    ["Data", "data"],
    ["Insight", "insight"],
    ["NetworkActivity", "network-activity"],
    ["Aggregated", "aggregated"],
    ["ActivityAuditLog", "activity"],
    ["SomethingNew", "management"],
  ])("eventCategory %s makes a record of kind %s", (eventCategory, kind) => {
    const { eventSource, eventName } = complete;
    expect(read({ ...complete, eventCategory, eventData: { eventSource, eventName } }).kind).toBe(kind);
  });

  test("an Insights record needs insightDetails in place of source and name", () => {
    const { eventSource: _s, eventName: _n, ...rest } = complete;

    expect(read({ ...rest, insightDetails: { state: "Start" }, eventCategory: "Insight" }).kind).toBe(
      "insight",
    );
    expect(refusal(JSON.stringify(rest)).code).toBe("FieldNotFound");
  });

  test("an application's event is asked for source and name in eventData", () => {
    const { eventSource, eventName, ...rest } = { ...complete, eventCategory: "ActivityAuditLog" };

    expect(read({ ...rest, eventData: { eventSource, eventName } }).kind).toBe("activity");
    expect(refusal(JSON.stringify({ ...rest, eventData: { eventSource } })).message).toBe(
      "The record has no eventName",
    );
  });

  test.each(["eventTime", "eventSource", "eventName", "awsRegion"])("%s is required", (name) => {
    for (const absent of [undefined, null, ""]) {
      const problem = refusal(JSON.stringify({ ...complete, [name]: absent }));

      expect(problem).toMatchObject({ code: "FieldNotFound", message: `The record has no ${name}` });
    }
    expect(refusal(JSON.stringify({ ...complete, [name]: 7 }))).toMatchObject({ code: "InvalidData" });
  });

  test.each(["eventID", "eventVersion", "eventType", "recipientAccountId", "eventCategory"])(
    "%s of another type than string is refused",
    (name) => {
      expect(refusal(JSON.stringify({ ...complete, [name]: 7 })).message).toBe(`${name} must be a string`);
    },
  );

  test.each<[string, Buffer | string, RejectionCode]>([
    ["a number", "7", "InvalidData"],
    ["null", "null", "InvalidData"],
    ["an array", "[]", "InvalidData"],
    ["broken JSON", '{"eventTime":', "InvalidData"],
    [
      "bad UTF-8",
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]),
      "InvalidData",
    ],
    ["over 1 MiB", JSON.stringify({ ...complete, filler: "x".repeat(MAX_RECORD_BYTES) }), "FieldTooLong"],
    ["10,000 levels", `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`, "InvalidData"],
  ])("a record that is %s is refused with a code", (_, text, code) => {
    expect(refusal(text).code).toBe(code);
  });

  test("nesting is accepted up to its limit and refused one level above", () => {
    const nested = (levels: number) =>
      JSON.stringify(complete).replace(/}$/, `,"x":${"[".repeat(levels)}${"]".repeat(levels)}}`);

    expect(readRecord(Buffer.from(nested(MAX_NESTING - 1)), context).kind).toBe("management");
    expect(refusal(nested(MAX_NESTING)).message).toBe(
      `The record is nested deeper than ${MAX_NESTING} levels`,
    );
  });

  test("brackets inside strings are no nesting", () => {
    expect(read({ ...complete, text: `\\"${"[".repeat(5_000)}` }).kind).toBe("management");
  });

  test("a record of 300 KB is accepted", () => {
    expect(read({ ...complete, filler: "x".repeat(300 * 1024) }).text.length).toBeGreaterThan(300 * 1024);
  });

  test.each(["0001-01-01T00:00:00Z", "1971-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])(
    "an eventTime in the far past or future (%s) is accepted",
    (eventTime) => {
      expect(read({ ...complete, eventTime }).eventTime).toBe(Date.parse(eventTime));
    },
  );

  test("members named __proto__ and constructor are data like any other", () => {
    const text = JSON.stringify(complete).replace(
      /}$/,
      ',"__proto__":{"eventName":"Faked","polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );

    const record = readRecord(Buffer.from(text), context);

    expect(record.text.toString()).toBe(text);
    expect(record.fields.eventName).toBe("AssumeRole");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("what __proto__ holds does not stand in for a member that is absent", () => {
    const { eventName: _, ...rest } = complete;
    const text = JSON.stringify(rest).replace(/}$/, ',"__proto__":{"eventName":"Faked"}}');

    expect(refusal(text).code).toBe("FieldNotFound");
  });

  test("another recipient account needs a key that may import", () => {
    const text = Buffer.from(JSON.stringify(complete));

    expect(() => readRecord(text, { ...context, mayImport: false })).toThrow(
      /need a key with "import": true/,
    );
    expect(readRecord(text, { accountId: "444455556666", mayImport: false }).recipientAccountId).toBe(
      "444455556666",
    );
  });
});

describeWithCorpus("readRecord on real records", () => {
  test.each(CORPUS_SOURCES)("every record of %s is accepted, unchanged where it was complete", (source) => {
    for (const line of corpusLines("records", source)) {
      const sent = JSON.parse(line);

      const record = readRecord(Buffer.from(line), context);

      expect(JSON.parse(record.text.toString())).toMatchObject(sent);
      if (record.text.length === Buffer.byteLength(line)) {
        expect(record.text.toString()).toBe(line);
      }
    }
  });
});
