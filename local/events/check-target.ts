import type { AwsError } from "../../shared/api/aws-error.ts";
import type { Caller } from "../../shared/api/http.ts";
import { REMEDIATIONS } from "../../shared/remediation/catalog.ts";
import type { RuleTarget } from "../../shared/rule/rule.ts";
import { isInputPath } from "../../shared/rule/target-input.ts";
import { targetKind, targetPlace } from "../../shared/rule/target-kind.ts";
import { invalid } from "./call.ts";
import type { EventsInputs } from "./model.ts";

type InputTarget = EventsInputs["PutTargets"]["Targets"][number];

/**
 * A target of PutTargets, as rules keep it.
 * @throws ValidationException for what this host cannot invoke, or not in the way that is asked for
 */
export function checkTarget(caller: Caller, target: InputTarget): RuleTarget {
  const { Id: id, Arn: arn, RoleArn: roleArn, Input: input, InputPath: inputPath, ...others } = target;
  const [unsupported] = Object.keys(others);
  if (unsupported !== undefined) {
    throw refused(id, `This host does not support ${unsupported}.`);
  }
  checkArn(caller, id, arn);
  if (input !== undefined && inputPath !== undefined) {
    throw refused(id, "Only one of Input and InputPath can be given.");
  }
  if (input !== undefined && !isJson(input)) {
    throw refused(id, "Input is not valid JSON.");
  }
  if (inputPath !== undefined && !isInputPath(inputPath)) {
    throw refused(id, "InputPath is not a JSON path such as $.detail.");
  }
  return {
    id,
    arn,
    ...(roleArn !== undefined && { roleArn }),
    ...(input !== undefined && { input }),
    ...(inputPath !== undefined && { inputPath }),
  };
}

function checkArn({ accountId, region }: Caller, id: string, arn: string): void {
  const kind = targetKind(arn);
  if (kind === undefined) {
    throw refused(
      id,
      `${arn} cannot be invoked: targets are a remediation's Lambda function, a log group, or the http:// or https:// address of a webhook.`,
    );
  }
  if (kind.kind === "webhook") {
    return;
  }
  const place = targetPlace(arn);
  if (place?.region !== region || place.accountId !== accountId) {
    throw refused(id, `${arn} is not in account ${accountId} and region ${region}, as the rule is.`);
  }
  if (kind.kind === "function" && !REMEDIATIONS.some(({ name }) => name === kind.name)) {
    const known = REMEDIATIONS.map(({ name }) => name).join(", ");
    throw refused(id, `There is no remediation ${kind.name}. There are: ${known}.`);
  }
}

function refused(id: string, reason: string): AwsError {
  return invalid(`Target ${id} is not valid. Reason: ${reason}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
