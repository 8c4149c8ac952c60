import type { Caller } from "../../shared/api/http.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import type { LogStore } from "../../shared/ports/log-store.ts";
import type { LogsInputs } from "./model.ts";

/** What an operation does its work with. */
export interface LogsCall<Input> {
  readonly input: Input;
  readonly caller: Caller;
  readonly logGroups: LogStore;
}

/** Gives the operation's output, or throws an `AwsError` or what `LogStore` names. */
export type LogsOperation<Name extends keyof LogsInputs> = (
  call: LogsCall<LogsInputs[Name]>,
) => Promise<object>;

/** A rule of CloudWatch Logs is broken. */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

/** A stream that has to be there is not. */
export function noSuchStream(): AwsError {
  return new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
}
