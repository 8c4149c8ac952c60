import type { Caller } from "../../shared/api/http.ts";
import { awsPartition } from "../../shared/arn/partition.ts";
import { invalidParameter } from "./call.ts";

/** The ARN of the caller's log group of that name, without `:*` at its end. */
export function logGroupArn({ accountId, region }: Caller, name: string): string {
  return `arn:${awsPartition(region)}:logs:${region}:${accountId}:log-group:${name}`;
}

/** The name in a log group's ARN. */
export function logGroupName(arn: string): string {
  return arn.split(":")[6] ?? "";
}

/** Operations take a group by its name or by an identifier, which is a name or an ARN. */
export interface LogGroupReference {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
}

/**
 * The ARN of the log group that is meant.
 * @throws InvalidParameterException unless there is just one of the two
 */
export function referredLogGroup(caller: Caller, reference: LogGroupReference): string {
  const { logGroupName: name, logGroupIdentifier: identifier } = reference;
  if ((name === undefined) === (identifier === undefined)) {
    throw invalidParameter("Exactly one of logGroupName and logGroupIdentifier must be specified.");
  }
  return identifier?.startsWith("arn:")
    ? identifier.replace(/:\*$/, "")
    : logGroupArn(caller, name ?? identifier ?? "");
}
