import { AwsError } from "../error/aws-error.ts";
import type { JsonObject } from "../event/json.ts";
import { commonError } from "./errors.ts";
import { CLOUDTRAIL_MODEL } from "./service-model.ts";
import { type Violation, validationMessage, violationsOf } from "./validate.ts";

/** An error of CloudTrail's own for a member that breaks the model; without a message, the validation's. */
interface MemberError {
  readonly code: string;
  readonly message?: (value: unknown) => string;
}

const BLANK_NAME: MemberError = {
  code: "InvalidTrailNameException",
  message: () => "Trail name cannot be blank!",
};

/** Where CloudTrail answers an error of its own in place of a ValidationException: by operation and member. */
const MEMBER_ERRORS: Readonly<Record<string, MemberError>> = {
  "CreateTrail.Name": BLANK_NAME,
  "CreateTrail.S3BucketName": {
    code: "InvalidS3BucketNameException",
    message: () => "Bucket name cannot be blank!",
  },
  "DeleteTrail.Name": BLANK_NAME,
  "GetEventSelectors.TrailName": BLANK_NAME,
  "GetTrail.Name": BLANK_NAME,
  "GetTrailStatus.Name": BLANK_NAME,
  "LookupEvents.EventCategory": { code: "InvalidEventCategoryException" },
  "LookupEvents.LookupAttributes": { code: "InvalidLookupAttributesException" },
  "LookupEvents.MaxResults": {
    code: "InvalidMaxResultsException",
    message: (value) => `A max results value of ${value} is invalid. Specify max results between 1 and 50.`,
  },
  "PutEventSelectors.AdvancedEventSelectors": { code: "InvalidEventSelectorsException" },
  "PutEventSelectors.EventSelectors": { code: "InvalidEventSelectorsException" },
  "PutEventSelectors.TrailName": BLANK_NAME,
  "PutInsightSelectors.InsightSelectors": { code: "InvalidInsightSelectorsException" },
  "StartLogging.Name": BLANK_NAME,
  "StopLogging.Name": BLANK_NAME,
  "UpdateTrail.Name": BLANK_NAME,
};

/** Whose enums the operation itself checks, and words better. */
const ENUMS_OF_OPERATION: ReadonlySet<string> = new Set(["PutEventSelectors.EventSelectors"]);

/**
 * Checks an operation's decoded input against the model.
 * @throws AwsError ValidationException, or CloudTrail's own error for the member that is at fault
 */
export function checkInput(operation: string, inputShape: string, input: JsonObject): void {
  const violations = violationsOf(CLOUDTRAIL_MODEL, inputShape, input).filter(
    ({ member, isEnum }) => !(isEnum && ENUMS_OF_OPERATION.has(`${operation}.${member}`)),
  );
  const [first] = violations;
  if (!first) return;
  throw (
    memberError(operation, first, input) ?? commonError("ValidationException", validationMessage(violations))
  );
}

function memberError(operation: string, violation: Violation, input: JsonObject): AwsError | undefined {
  const known = MEMBER_ERRORS[`${operation}.${violation.member}`];
  if (!known) return undefined;
  return new AwsError(known.code, known.message?.(input[violation.member]) ?? validationMessage([violation]));
}
