import type { AdvancedEventSelector, EventSelection } from "../../shared/selector/event-selection.ts";

/** Resource types and sources of the corpus's data and network activity events, and of what else tests make. */
const DATA_TYPES = [
  "AWS::DynamoDB::Table",
  "AWS::EC2::Snapshot",
  "AWS::Lambda::Function",
  "AWS::S3::Object",
  "AWS::S3Outposts::Object",
];
const NETWORK_SOURCES = [
  "cloudtrail.amazonaws.com",
  "ec2.amazonaws.com",
  "kms.amazonaws.com",
  "s3.amazonaws.com",
  "secretsmanager.amazonaws.com",
];

const selectors: readonly AdvancedEventSelector[] = [
  { Name: "Management events", FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
  ...DATA_TYPES.map((type) => ({
    Name: `Data events of ${type}`,
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Data"] },
      { Field: "resources.type", Equals: [type] },
    ],
  })),
  ...NETWORK_SOURCES.map((source) => ({
    Name: `Network activity of ${source}`,
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["NetworkActivity"] },
      { Field: "eventSource", Equals: [source] },
    ],
  })),
];

/** A selection, valid for PutEventSelectors, with which an all-region trail takes every record of the corpus. */
export const EVERYTHING: EventSelection = { kind: "advanced", selectors };
