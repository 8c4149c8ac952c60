import { AwsError } from "../error/aws-error.ts";

/** The error for selectors that a trail may not have. */
export function invalidEventSelectors(message: string): AwsError {
  return new AwsError("InvalidEventSelectorsException", message);
}
