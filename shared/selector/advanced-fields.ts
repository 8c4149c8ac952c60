import type { AdvancedFieldSelector } from "./event-selection.ts";

/** An operator of an advanced field selector. */
export type FieldOperator = Exclude<keyof AdvancedFieldSelector, "Field">;

export const FIELD_OPERATORS: readonly FieldOperator[] = [
  "Equals",
  "StartsWith",
  "EndsWith",
  "NotEquals",
  "NotStartsWith",
  "NotEndsWith",
];

/** What a field selector may be in a selector of some category. */
export interface FieldRule {
  readonly required?: boolean;
  /** Whether a selector may have one condition on the field and no more. */
  readonly once?: boolean;
  readonly operators: readonly FieldOperator[];
  /** The only values, where AWS names them. */
  readonly values?: readonly string[];
  /** What values look like, where AWS adds to them all the time. */
  readonly form?: RegExp;
}

const EQUALS: readonly FieldOperator[] = ["Equals"];
const ANY: FieldRule = { operators: FIELD_OPERATORS };
const CATEGORY: FieldRule = { required: true, once: true, operators: EQUALS };
const READ_ONLY: FieldRule = { operators: EQUALS, values: ["true", "false"] };

/**
 * The fields that a trail's advanced selectors take, by `eventCategory`. `ActivityAuditLog` (events of applications) is
 * for event data stores on AWS; that trails take it is OpenTrail's extension.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
export const FIELDS_BY_CATEGORY: Readonly<Record<string, Readonly<Record<string, FieldRule>>>> = {
  Management: { eventCategory: CATEGORY, eventSource: ANY, readOnly: READ_ONLY },
  Data: {
    eventCategory: CATEGORY,
    "resources.type": {
      required: true,
      once: true,
      operators: EQUALS,
      form: /^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$/,
    },
    "resources.ARN": ANY,
    readOnly: READ_ONLY,
    eventName: ANY,
    eventSource: ANY,
    eventType: ANY,
    sessionCredentialFromConsole: { operators: ["Equals", "NotEquals"], values: ["true", "false"] },
    "userIdentity.arn": ANY,
  },
  NetworkActivity: {
    eventCategory: CATEGORY,
    eventSource: { ...ANY, required: true },
    eventName: ANY,
    vpcEndpointId: ANY,
    errorCode: { operators: EQUALS, values: ["VpceAccessDenied"] },
    "userIdentity.arn": ANY,
  },
  ActivityAuditLog: { eventCategory: CATEGORY },
};
