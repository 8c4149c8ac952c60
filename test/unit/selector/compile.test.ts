import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../shared/event/json.ts";
import { compileSelection } from "../../../shared/selector/compile.ts";
import {
  type AdvancedFieldSelector,
  DEFAULT_EVENT_SELECTION,
  type EventSelection,
  type EventSelector,
} from "../../../shared/selector/event-selection.ts";
import { takesNaively } from "../../../shared/selector/naive.ts";
import { activityRecord, readActivityRecord } from "../../support/activity-record.ts";
import { arbitraryFields, arbitrarySelection } from "../../support/arbitrary-selection.ts";
import { corpusLines, describeWithCorpus } from "../../support/corpus.ts";
import { CORPUS_SOURCES } from "../../support/corpus-sources.ts";
import { EVERYTHING } from "../../support/everything.ts";

const LAMBDA = "arn:aws:lambda:us-west-2:111122223333:function:helloworld";
const NOTHING: EventSelector = {
  ReadWriteType: "All",
  IncludeManagementEvents: false,
  DataResources: [],
  ExcludeManagementEventSources: [],
};

function basic(selector: Partial<EventSelector>): EventSelection {
  return { kind: "basic", selectors: [{ ...NOTHING, ...selector }] };
}

function advanced(...FieldSelectors: readonly AdvancedFieldSelector[]): EventSelection {
  return { kind: "advanced", selectors: [{ FieldSelectors }] };
}

function category(name: string): AdvancedFieldSelector {
  return { Field: "eventCategory", Equals: [name] };
}

function takes(selection: EventSelection, fields: JsonObject): boolean {
  return compileSelection(selection)(activityRecord(fields));
}

function dataEvent(type: string, arn: string): JsonObject {
  return { eventCategory: "Data", resources: [{ type, ARN: arn }] };
}

describe("basic selectors", () => {
  it("readOnly true and the text true make a read, all else a write", () => {
    const reads = basic({ IncludeManagementEvents: true, ReadWriteType: "ReadOnly" });
    const writes = basic({ IncludeManagementEvents: true, ReadWriteType: "WriteOnly" });
    const spellings = [true, "true", false, "false", null];

    const taken = spellings.map((readOnly) => [takes(reads, { readOnly }), takes(writes, { readOnly })]);

    expect(taken).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [false, true],
    ]);
    expect(takes(writes, {})).toBe(true);
  });

  it("an excluded source is left out of management events, not of data events", () => {
    const selection = basic({
      IncludeManagementEvents: true,
      ExcludeManagementEventSources: ["kms.amazonaws.com"],
      DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }],
    });
    const eventSource = "kms.amazonaws.com";

    expect(takes(selection, { eventSource })).toBe(false);
    expect(takes(selection, { eventSource: "s3.amazonaws.com" })).toBe(true);
    expect(takes(selection, { ...dataEvent("AWS::S3::Object", "arn:aws:s3:::b/k"), eventSource })).toBe(true);
  });

  it.each([
    ["arn:aws:s3", "arn:aws:s3:::bucket-1/a", true],
    ["arn:aws:s3:::", "arn:aws:s3:::bucket-1/a", true],
    ["arn:aws:s3:::bucket-1/", "arn:aws:s3:::bucket-1/a", true],
    ["arn:aws:s3:::bucket-1/", "arn:aws:s3:::bucket-10/a", false],
    ["arn:aws:s3:::bucket-3/my-images", "arn:aws:s3:::bucket-3/my-images/example.jpg", true],
    ["arn:aws:s3:::bucket-3/my-images", "arn:aws:s3:::bucket-3/my-videos/example.avi", false],
  ])("the S3 value %s on the object %s: %s", (value, arn, expected) => {
    const selection = basic({ DataResources: [{ Type: "AWS::S3::Object", Values: [value] }] });

    expect(takes(selection, dataEvent("AWS::S3::Object", arn))).toBe(expected);
  });

  it("functions and tables are named by their whole ARN", () => {
    const table = "arn:aws:dynamodb:us-west-2:111122223333:table/Music";
    const selection = basic({
      DataResources: [
        { Type: "AWS::Lambda::Function", Values: [LAMBDA] },
        { Type: "AWS::DynamoDB::Table", Values: [table] },
      ],
    });

    expect(takes(selection, dataEvent("AWS::Lambda::Function", LAMBDA))).toBe(true);
    expect(takes(selection, dataEvent("AWS::Lambda::Function", `${LAMBDA}2`))).toBe(false);
    expect(takes(selection, dataEvent("AWS::DynamoDB::Table", table))).toBe(true);
    expect(takes(selection, dataEvent("AWS::DynamoDB::Table", `${table}2`))).toBe(false);
  });

  it("the listing of a bucket, which names a prefix of ARNs, is an event on that bucket's objects", () => {
    const listing = {
      eventCategory: "Data",
      eventName: "ListObjects",
      resources: [
        { type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::bucket-1/" },
        { type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::bucket-1" },
      ],
    };
    const of = (value: string) => basic({ DataResources: [{ Type: "AWS::S3::Object", Values: [value] }] });

    expect(takes(of("arn:aws:s3:::bucket-1/"), listing)).toBe(true);
    expect(takes(of("arn:aws:s3:::bucket-2/"), listing)).toBe(false);
  });

  it("a data event without resources is taken where every resource of its service's type is", () => {
    const every = basic({ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }] });
    const some = basic({ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::bucket-1/"] }] });
    const fields = { eventCategory: "Data", eventSource: "s3.amazonaws.com" };

    expect(takes(every, fields)).toBe(true);
    expect(takes(every, { ...fields, eventSource: "dynamodb.amazonaws.com" })).toBe(false);
    expect(takes(some, fields)).toBe(false);
  });

  it("network activity is never taken", () => {
    const selection = basic({
      IncludeManagementEvents: true,
      DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }],
    });

    expect(takes(selection, { eventCategory: "NetworkActivity", eventSource: "s3.amazonaws.com" })).toBe(
      false,
    );
  });
});

describe("advanced selectors", () => {
  const S3_DATA = [category("Data"), { Field: "resources.type", Equals: ["AWS::S3::Object"] }];

  it("one value of one positive operator must fit, and no value of a negative one", () => {
    const selection = advanced(...S3_DATA, {
      Field: "eventName",
      Equals: ["PutObject"],
      StartsWith: ["Delete", "Copy"],
      NotEndsWith: ["Tagging", "Acl"],
    });
    const names = ["PutObject", "DeleteObject", "CopyObject", "DeleteObjectTagging", "GetObject"];

    const taken = names.filter((eventName) =>
      takes(selection, { ...dataEvent("AWS::S3::Object", "arn:aws:s3:::b/k"), eventName }),
    );

    expect(taken).toEqual(["PutObject", "DeleteObject", "CopyObject"]);
  });

  it("each field selector must hold", () => {
    const selection = advanced(
      category("Management"),
      { Field: "readOnly", Equals: ["false"] },
      { Field: "eventSource", NotEquals: ["kms.amazonaws.com"] },
    );

    expect(takes(selection, {})).toBe(true);
    expect(takes(selection, { readOnly: "true" })).toBe(false);
    expect(takes(selection, { eventSource: "kms.amazonaws.com" })).toBe(false);
  });

  it("a field that is absent fits no positive operator and every negative one", () => {
    const network = category("NetworkActivity");
    const fields = { eventCategory: "NetworkActivity" };

    expect(takes(advanced(network, { Field: "vpcEndpointId", StartsWith: ["vpce-"] }), fields)).toBe(false);
    expect(takes(advanced(network, { Field: "vpcEndpointId", NotStartsWith: ["vpce-"] }), fields)).toBe(true);
    expect(takes(advanced(network, { Field: "errorCode", Equals: ["VpceAccessDenied"] }), fields)).toBe(
      false,
    );
  });

  it("credentials are not from the console unless the event says so", () => {
    const console = advanced(...S3_DATA, { Field: "sessionCredentialFromConsole", Equals: ["true"] });
    const other = advanced(...S3_DATA, { Field: "sessionCredentialFromConsole", NotEquals: ["true"] });
    const fields = dataEvent("AWS::S3::Object", "arn:aws:s3:::b/k");

    expect(takes(console, fields)).toBe(false);
    expect(takes(other, fields)).toBe(true);
    expect(takes(console, { ...fields, sessionCredentialFromConsole: "true" })).toBe(true);
    expect(takes(other, { ...fields, sessionCredentialFromConsole: "true" })).toBe(false);
  });

  it("the type and the ARN must be those of one resource", () => {
    const selection = advanced(...S3_DATA, { Field: "resources.ARN", StartsWith: ["arn:aws:s3:::b/"] });
    const resources = [
      { type: "AWS::S3::Object", ARN: "arn:aws:s3:::a/k" },
      { type: "AWS::S3::AccessPoint", arn: "arn:aws:s3:::b/" },
    ];

    expect(takes(selection, { eventCategory: "Data", resources })).toBe(false);
    expect(
      takes(selection, {
        eventCategory: "Data",
        resources: [{ type: "AWS::S3::Object", arn: "arn:aws:s3:::b/k" }],
      }),
    ).toBe(true);
  });

  it("an ARN that is left out leaves out an event only if no other resource of the type is wanted", () => {
    const selection = advanced(...S3_DATA, { Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::logs/"] });
    const log = { type: "AWS::S3::Object", ARN: "arn:aws:s3:::logs/k" };
    const bucket = { type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::logs" };
    const copy = { type: "AWS::S3::Object", ARN: "arn:aws:s3:::data/k" };

    expect(takes(selection, { eventCategory: "Data", resources: [log, bucket] })).toBe(false);
    expect(takes(selection, { eventCategory: "Data", resources: [log, bucket, copy] })).toBe(true);
  });

  it("userIdentity.arn reads the caller, who may be missing", () => {
    const selection = advanced(...S3_DATA, { Field: "userIdentity.arn", EndsWith: ["user/alice"] });
    const fields = dataEvent("AWS::S3::Object", "arn:aws:s3:::b/k");

    expect(
      takes(selection, { ...fields, userIdentity: { arn: "arn:aws:iam::111122223333:user/alice" } }),
    ).toBe(true);
    expect(takes(selection, { ...fields, userIdentity: null })).toBe(false);
    expect(takes(selection, fields)).toBe(false);
  });
});

describe("records that are not AWS's own events", () => {
  const activity = {
    eventCategory: "ActivityAuditLog",
    eventData: { eventSource: "shop.example.com", eventName: "Refund", userIdentity: { type: "User" } },
  };
  const dataOnly = basic({ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }] });

  it("an application's event is a write management event, or an ActivityAuditLog event", () => {
    const read = basic({ IncludeManagementEvents: true, ReadWriteType: "ReadOnly" });
    const otherSource = advanced(category("Management"), {
      Field: "eventSource",
      NotEquals: ["shop.example.com"],
    });

    expect(takes(DEFAULT_EVENT_SELECTION, activity)).toBe(true);
    expect(takes(advanced(category("Management")), activity)).toBe(true);
    expect(takes(advanced(category("ActivityAuditLog")), activity)).toBe(true);
    expect(takes(read, activity)).toBe(false);
    expect(takes(dataOnly, activity)).toBe(false);
    expect(takes(otherSource, activity)).toBe(false);
  });

  it.each(["Insight", "Aggregated"])(
    "%s events go where management or data events go, whatever the other conditions are",
    (eventCategory) => {
      const narrow = advanced(category("Management"), { Field: "readOnly", Equals: ["false"] });
      const network = advanced(category("NetworkActivity"), {
        Field: "eventSource",
        Equals: ["ec2.amazonaws.com"],
      });
      const fields = { eventCategory, readOnly: true, insightDetails: {} };

      expect(takes(DEFAULT_EVENT_SELECTION, fields)).toBe(true);
      expect(takes(dataOnly, fields)).toBe(true);
      expect(takes(narrow, fields)).toBe(true);
      expect(takes(network, fields)).toBe(false);
      expect(takes(basic({}), fields)).toBe(false);
    },
  );
});

describe("compiled and naive selections", () => {
  it("agree on every generated record", () => {
    let taken = 0;
    let left = 0;

    fc.assert(
      fc.property(
        arbitrarySelection,
        fc.array(arbitraryFields, { minLength: 5, maxLength: 10 }),
        (selection, manyFields) => {
          const matches = compileSelection(selection);
          for (const fields of manyFields) {
            const record = activityRecord(JSON.parse(JSON.stringify(fields)) as JsonObject);
            const expected = takesNaively(selection, record);
            expect(matches(record)).toBe(expected);
            if (expected) taken += 1;
            else left += 1;
          }
        },
      ),
      { numRuns: 500 },
    );

    expect(taken).toBeGreaterThan(500);
    expect(left).toBeGreaterThan(500);
  });
});

describeWithCorpus("selections on real records", () => {
  const records = CORPUS_SOURCES.flatMap((source) => corpusLines("records", source)).map(readActivityRecord);

  it("compiled and naive selections agree on each", () => {
    fc.assert(
      fc.property(arbitrarySelection, (selection) => {
        const matches = compileSelection(selection);
        const differing = records.filter((record) => matches(record) !== takesNaively(selection, record));
        expect(differing).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it("the default selection takes every management event and no other", () => {
    const matches = compileSelection(DEFAULT_EVENT_SELECTION);

    const taken = records.filter(matches);

    expect(taken).toEqual(records.filter(({ kind }) => kind === "management"));
    expect(taken.length).toBeLessThan(records.length);
  });

  it("one selection takes them all", () => {
    const matches = compileSelection(EVERYTHING);

    const left = records.filter((record) => !matches(record));

    expect(records.length).toBeGreaterThan(0);
    expect(left).toEqual([]);
  });
});
