import { describe, expect, it } from "vitest";
import type { AdvancedFieldSelector } from "../../../shared/selector/event-selection.ts";
import { type EventSelectorsInput, readEventSelection } from "../../../shared/selector/validate.ts";
import { EVERYTHING } from "../../support/everything.ts";

function refusal(input: EventSelectorsInput): unknown {
  try {
    readEventSelection(input);
  } catch (error) {
    return error;
  }
  throw new Error("The selectors were taken");
}

function invalid(message: string): unknown {
  return expect.objectContaining({ name: "AwsError", code: "InvalidEventSelectorsException", message });
}

function dataResource(Type: string, ...Values: readonly string[]): EventSelectorsInput {
  return { EventSelectors: [{ DataResources: [{ Type, Values }] }] };
}

function advanced(...FieldSelectors: readonly AdvancedFieldSelector[]): EventSelectorsInput {
  return { AdvancedEventSelectors: [{ FieldSelectors }] };
}

function buckets(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `arn:aws:s3:::bucket-${number}/`);
}

const MANAGEMENT: AdvancedFieldSelector = { Field: "eventCategory", Equals: ["Management"] };
const DATA: AdvancedFieldSelector = { Field: "eventCategory", Equals: ["Data"] };
const NETWORK: AdvancedFieldSelector = { Field: "eventCategory", Equals: ["NetworkActivity"] };
const S3_OBJECT: AdvancedFieldSelector = { Field: "resources.type", Equals: ["AWS::S3::Object"] };

describe("the selectors of a call", () => {
  it("are basic or advanced, not both", () => {
    const input = { EventSelectors: [{}], ...advanced(MANAGEMENT) };

    expect(refusal(input)).toEqual(
      invalid("You can specify either EventSelectors or AdvancedEventSelectors for a trail, but not both."),
    );
  });

  it.each([{}, { EventSelectors: [] }, { EventSelectors: [], AdvancedEventSelectors: [] }])(
    "are at least one: %j is refused",
    (input) => {
      expect(refusal(input)).toEqual(
        invalid("Specify EventSelectors or AdvancedEventSelectors for your trail."),
      );
    },
  );

  it("are advanced where the list of basic ones is empty", () => {
    const selection = readEventSelection({ EventSelectors: [], ...advanced(MANAGEMENT) });

    expect(selection).toEqual({ kind: "advanced", selectors: [{ FieldSelectors: [MANAGEMENT] }] });
  });
});

describe("basic selectors", () => {
  it("take every management event and no data event unless they say otherwise", () => {
    const selection = readEventSelection({ EventSelectors: [{}] });

    expect(selection).toEqual({
      kind: "basic",
      selectors: [
        {
          ReadWriteType: "All",
          IncludeManagementEvents: true,
          DataResources: [],
          ExcludeManagementEventSources: [],
        },
      ],
    });
  });

  it("are five at most", () => {
    const five = Array.from({ length: 5 }, () => ({}));

    expect(readEventSelection({ EventSelectors: five }).selectors).toHaveLength(5);
    expect(refusal({ EventSelectors: [...five, {}] })).toEqual(
      invalid("Specify a valid number of selectors (1 to 5) for your trail."),
    );
  });

  it("name 250 data resources at most, all selectors together, not counting values that mean all", () => {
    const selectors = [buckets(125), ["arn:aws:s3", ...buckets(125)]].map((Values) => ({
      DataResources: [{ Type: "AWS::S3::Object", Values }],
    }));
    const oneMore = { DataResources: [{ Type: "AWS::S3::Object", Values: buckets(1) }] };

    expect(readEventSelection({ EventSelectors: selectors }).selectors).toHaveLength(2);
    expect(refusal({ EventSelectors: [...selectors, oneMore] })).toEqual(
      invalid("Specify a valid number of DataResources.Values (0 to 250) for all your selectors."),
    );
  });

  it("name a data resource if they leave out management events", () => {
    expect(refusal({ EventSelectors: [{ IncludeManagementEvents: false }] })).toEqual(
      invalid(
        "Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources must not be empty.",
      ),
    );
  });

  it("exclude KMS and the RDS Data API and nothing else", () => {
    const of = (source: string) => ({ EventSelectors: [{ ExcludeManagementEventSources: [source] }] });

    expect(readEventSelection(of("kms.amazonaws.com")).selectors).toHaveLength(1);
    expect(readEventSelection(of("rdsdata.amazonaws.com")).selectors).toHaveLength(1);
    expect(refusal(of("s3.amazonaws.com"))).toEqual(
      invalid(
        "Value s3.amazonaws.com for ExcludeManagementEventSources is invalid. Valid values are: kms.amazonaws.com, rdsdata.amazonaws.com",
      ),
    );
  });

  it("read, write or all, in those spellings", () => {
    expect(refusal({ EventSelectors: [{ ReadWriteType: "read-only" }] })).toEqual(
      invalid("Value read-only for ReadWriteType is invalid. Valid values are: All, ReadOnly, WriteOnly"),
    );
  });

  it("know three types of data resources", () => {
    expect(refusal(dataResource("AWS::S3::Bucket", "arn:aws:s3"))).toEqual(
      invalid(
        "Value AWS::S3::Bucket for DataResources.Type is invalid. Valid values are: AWS::DynamoDB::Table, AWS::Lambda::Function, AWS::S3::Object",
      ),
    );
  });

  it.each([
    ["AWS::S3::Object", "arn:aws:s3"],
    ["AWS::S3::Object", "arn:aws:s3:::"],
    ["AWS::S3::Object", "arn:aws:s3:::amzn-s3-demo-bucket1/"],
    ["AWS::S3::Object", "arn:aws-us-gov:s3:::amzn-s3-demo-bucket1/my images/é"],
    ["AWS::Lambda::Function", "arn:aws:lambda"],
    ["AWS::Lambda::Function", "arn:aws-cn:lambda:cn-north-1:111122223333:function:hello_world"],
    ["AWS::DynamoDB::Table", "arn:aws:dynamodb"],
    ["AWS::DynamoDB::Table", "arn:aws:dynamodb:us-west-2:111122223333:table/Music.v2"],
  ])("%s may be %s", (type, value) => {
    const selection = readEventSelection(dataResource(type, value));

    expect(selection.selectors).toEqual([
      expect.objectContaining({ DataResources: [{ Type: type, Values: [value] }] }),
    ]);
  });

  it.each([
    ["AWS::S3::Object", "arn:aws:s3:::*"],
    ["AWS::S3::Object", "arn:aws:s3:::*/*"],
    ["AWS::S3::Object", "arn:aws:s3:::amzn-s3-demo-bucket1"],
    ["AWS::S3::Object", "amzn-s3-demo-bucket1/"],
    ["AWS::S3::Object", "arn:aws:lambda"],
    ["AWS::Lambda::Function", "arn:aws:lambda:*"],
    ["AWS::Lambda::Function", "arn:aws:lambda:us-west-2:111122223333:function:"],
    ["AWS::DynamoDB::Table", "arn:aws:dynamodb:us-west-2:111122223333:table/*"],
    ["AWS::DynamoDB::Table", ""],
  ])("%s may not be %j", (type, value) => {
    expect(refusal(dataResource(type, value))).toEqual(
      invalid(`Value ${value} for DataResources.Values is invalid.`),
    );
  });
});

describe("advanced selectors", () => {
  it("of every category are taken as they are", () => {
    const input = { AdvancedEventSelectors: EVERYTHING.kind === "advanced" ? EVERYTHING.selectors : [] };

    expect(readEventSelection(input)).toEqual(EVERYTHING);
    expect(
      readEventSelection(advanced({ Field: "eventCategory", Equals: ["ActivityAuditLog"] })),
    ).toBeDefined();
  });

  it("take every operator where AWS does", () => {
    const selection = readEventSelection(
      advanced(DATA, S3_OBJECT, {
        Field: "resources.ARN",
        Equals: ["arn:aws:s3:::a/k"],
        StartsWith: ["arn:aws:s3:::b/"],
        EndsWith: [".json"],
        NotEquals: ["arn:aws:s3:::b/k"],
        NotStartsWith: ["arn:aws:s3:::b/logs/"],
        NotEndsWith: [".tmp"],
      }),
    );

    expect(selection.selectors).toHaveLength(1);
  });

  it.each<readonly [string, readonly AdvancedFieldSelector[]]>([
    ["Field eventCategory is required in every advanced event selector.", [S3_OBJECT]],
    [
      "Field eventCategory must have one value for the operator Equals.",
      [{ Field: "eventCategory", Equals: ["Management", "Data"] }],
    ],
    [
      "Field eventCategory must have one value for the operator Equals.",
      [{ Field: "eventCategory", NotEquals: ["Data"] }],
    ],
    [
      "Value Insight for field eventCategory is invalid. Valid values are: Management, Data, NetworkActivity, ActivityAuditLog",
      [{ Field: "eventCategory", Equals: ["Insight"] }],
    ],
    [
      "Field eventCategory can be specified only once in an advanced event selector.",
      [MANAGEMENT, MANAGEMENT],
    ],
    ["Field resources.type is required for eventCategory Data.", [DATA]],
    [
      "Field resources.type can be specified only once in an advanced event selector.",
      [DATA, S3_OBJECT, S3_OBJECT],
    ],
    [
      "Value AWS::S3 for field resources.type is invalid.",
      [DATA, { Field: "resources.type", Equals: ["AWS::S3"] }],
    ],
    [
      "Operator StartsWith is invalid for field resources.type. Valid operators are: Equals",
      [DATA, { Field: "resources.type", StartsWith: ["AWS::"] }],
    ],
    ["Field eventSource is required for eventCategory NetworkActivity.", [NETWORK]],
    [
      "Value AccessDenied for field errorCode is invalid. Valid values are: VpceAccessDenied",
      [
        NETWORK,
        { Field: "eventSource", Equals: ["s3.amazonaws.com"] },
        { Field: "errorCode", Equals: ["AccessDenied"] },
      ],
    ],
    [
      "Field eventName is invalid for eventCategory Management. Valid fields are: eventCategory, eventSource, readOnly",
      [MANAGEMENT, { Field: "eventName", Equals: ["RunInstances"] }],
    ],
    [
      "Field constructor is invalid for eventCategory Management. Valid fields are: eventCategory, eventSource, readOnly",
      [MANAGEMENT, { Field: "constructor", Equals: ["x"] }],
    ],
    [
      "Operator NotEquals is invalid for field readOnly. Valid operators are: Equals",
      [MANAGEMENT, { Field: "readOnly", NotEquals: ["true"] }],
    ],
    [
      "Value yes for field readOnly is invalid. Valid values are: true, false",
      [MANAGEMENT, { Field: "readOnly", Equals: ["yes"] }],
    ],
    ["Field eventSource must have at least one operator.", [MANAGEMENT, { Field: "eventSource" }]],
  ])("are refused with “%s”", (message, fieldSelectors) => {
    expect(refusal(advanced(...fieldSelectors))).toEqual(invalid(message));
  });

  it("have 500 values at most, the categories counted", () => {
    const of = (count: number) =>
      advanced(DATA, S3_OBJECT, { Field: "resources.ARN", StartsWith: buckets(count) });

    expect(readEventSelection(of(498)).selectors).toHaveLength(1);
    expect(refusal(of(499))).toEqual(
      invalid(
        "Specify a valid number of values (1 to 500) for all conditions in your advanced event selectors.",
      ),
    );
  });
});
