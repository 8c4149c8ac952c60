import fc from "fast-check";
import { FIELD_OPERATORS } from "../../shared/selector/advanced-fields.ts";
import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  EventSelection,
  EventSelector,
} from "../../shared/selector/event-selection.ts";

// Few texts, that begin and end alike, so that generated selections and records meet often.
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  eventCategory: ["Management", "Data", "NetworkActivity", "ActivityAuditLog"],
  eventSource: ["s3.amazonaws.com", "kms.amazonaws.com", "ec2.amazonaws.com", "app.example.com"],
  eventName: ["GetObject", "PutObject", "ListObjects", "Get", "Object"],
  eventType: ["AwsApiCall", "AwsServiceEvent"],
  errorCode: ["VpceAccessDenied"],
  vpcEndpointId: ["vpce-1", "vpce-2"],
  readOnly: ["true", "false"],
  sessionCredentialFromConsole: ["true", "false"],
  "userIdentity.arn": ["arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:role/a"],
  "resources.type": ["AWS::S3::Object", "AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Lambda::Function"],
  "resources.ARN": [
    "arn:aws:s3:::logs/",
    "arn:aws:s3:::logs/a",
    "arn:aws:s3:::data/a",
    "arn:aws:lambda:us-east-1:111122223333:function:f",
    "arn:aws:dynamodb:us-east-1:111122223333:table/t",
  ],
};

const EVERY_RESOURCE = ["arn:aws:s3", "arn:aws:lambda", "arn:aws:dynamodb", "arn:aws:s3:::"];

const pick = (field: string) => fc.constantFrom(...(TEXTS[field] ?? []));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const fieldSelector: fc.Arbitrary<AdvancedFieldSelector> = fc
  .constantFrom(...Object.keys(TEXTS))
  .chain((Field) =>
    fc
      .dictionary(fc.constantFrom(...FIELD_OPERATORS), fc.array(pick(Field), { maxLength: 2 }), {
        maxKeys: 2,
      })
      .map((conditions) => ({ Field, ...conditions })),
  );

const advancedSelector: fc.Arbitrary<AdvancedEventSelector> = fc
  .tuple(pick("eventCategory"), fc.array(fieldSelector, { maxLength: 4 }))
  .map(([category, others]) => ({
    FieldSelectors: [{ Field: "eventCategory", Equals: [category] }, ...others],
  }));

const basicSelector: fc.Arbitrary<EventSelector> = fc.record({
  ReadWriteType: fc.constantFrom("All", "ReadOnly", "WriteOnly"),
  IncludeManagementEvents: fc.boolean(),
  DataResources: fc.array(
    fc.record({
      Type: pick("resources.type"),
      Values: fc.array(fc.oneof(pick("resources.ARN"), fc.constantFrom(...EVERY_RESOURCE)), {
        maxLength: 3,
      }),
    }),
    { maxLength: 2 },
  ),
  ExcludeManagementEventSources: fc.subarray(["kms.amazonaws.com", "app.example.com"]),
});

/** Selections of either kind, sensible or not. */
export const arbitrarySelection: fc.Arbitrary<EventSelection> = fc.oneof(
  fc.array(basicSelector, { maxLength: 3 }).map((selectors) => ({ kind: "basic" as const, selectors })),
  fc.array(advancedSelector, { maxLength: 3 }).map((selectors) => ({ kind: "advanced" as const, selectors })),
);

const resource = fc.oneof(
  fc.constant(null),
  fc.constant("no resource"),
  fc.record(
    {
      type: pick("resources.type"),
      ARN: pick("resources.ARN"),
      arn: pick("resources.ARN"),
      ARNPrefix: pick("resources.ARN"),
    },
    { requiredKeys: [] },
  ),
);

const describedMembers = {
  eventName: pick("eventName"),
  eventSource: pick("eventSource"),
  readOnly: maybe(fc.constantFrom<boolean | string>(true, false, "true", "false")),
  userIdentity: maybe(fc.oneof(fc.constant(null), fc.record({ arn: maybe(pick("userIdentity.arn")) }))),
};

/** Members of records of every kind, for `activityRecord`. What is undefined is absent. */
export const arbitraryFields = fc.record({
  ...describedMembers,
  eventCategory: fc.constantFrom(
    "Management",
    "Data",
    "NetworkActivity",
    "ActivityAuditLog",
    "Insight",
    "Aggregated",
  ),
  awsRegion: fc.constantFrom("us-east-1", "us-west-2", "eu-central-1", "xx-new-1"),
  eventType: pick("eventType"),
  errorCode: maybe(pick("errorCode")),
  vpcEndpointId: maybe(pick("vpcEndpointId")),
  sessionCredentialFromConsole: maybe(fc.constantFrom<boolean | string>("true", true, "false")),
  resources: maybe(fc.oneof(fc.constant(null), fc.array(resource, { maxLength: 3 }))),
  eventData: maybe(fc.record(describedMembers)),
});
