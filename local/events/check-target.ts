import type { Caller } from "../../shared/api/http.ts";
import type { AwsError } from "../../shared/error/aws-error.ts";
import { REMEDIATIONS } from "../../shared/remediation/catalog.ts";
import { isInputPath } from "../../shared/rule/input-path.ts";
import {
  checkInputTransformer,
  type InputTransformer,
  InvalidInputTemplate,
} from "../../shared/rule/input-transformer.ts";
import type { RetryPolicy, RuleTarget } from "../../shared/rule/rule.ts";
import { targetKind, targetPlace } from "../../shared/rule/target-kind.ts";
import { invalid } from "./call.ts";
import type { EventsInputs } from "./model.ts";

type InputTarget = EventsInputs["PutTargets"]["Targets"][number];

/**
 * A target of PutTargets, as rules keep it. RetryPolicy and DeadLetterConfig are kept so that one description of rules fits
 * every host; the retries and dead letters of this host are its own.
 * @throws ValidationException for what this host cannot invoke, or not in the way that is asked for
 */
export function checkTarget(caller: Caller, target: InputTarget): RuleTarget {
  const { Id: id, Arn: arn, RoleArn: roleArn, Input, InputPath, InputTransformer, ...rest } = target;
  const { DeadLetterConfig, RetryPolicy, ...others } = rest;
  const [unsupported] = Object.keys(others);
  if (unsupported !== undefined) {
    throw refused(id, `This host does not support ${unsupported}.`);
  }
  checkArn(caller, id, arn);
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1) {
    throw refused(id, "Only one of Input, InputPath and InputTransformer can be given.");
  }
  return {
    id,
    arn,
    ...(roleArn !== undefined && { roleArn }),
    ...(Input !== undefined && { input: checkInput(id, Input) }),
    ...(InputPath !== undefined && { inputPath: checkInputPath(id, InputPath) }),
    ...(InputTransformer !== undefined && { inputTransformer: checkTransformer(id, InputTransformer) }),
    ...(DeadLetterConfig?.Arn !== undefined && { deadLetterConfig: { arn: DeadLetterConfig.Arn } }),
    ...(RetryPolicy !== undefined && { retryPolicy: retryPolicyOf(RetryPolicy) }),
  };
}

function retryPolicyOf({
  MaximumEventAgeInSeconds: age,
  MaximumRetryAttempts: attempts,
}: NonNullable<InputTarget["RetryPolicy"]>): RetryPolicy {
  return {
    ...(age !== undefined && { maximumEventAgeInSeconds: age }),
    ...(attempts !== undefined && { maximumRetryAttempts: attempts }),
  };
}

function checkInput(id: string, input: string): string {
  try {
    JSON.parse(input);
    return input;
  } catch {
    throw refused(id, "Input is not valid JSON.");
  }
}

function checkInputPath(id: string, path: string): string {
  if (!isInputPath(path)) {
    throw refused(id, `${path} is not a JSON path such as $.detail.`);
  }
  return path;
}

function checkTransformer(
  id: string,
  { InputPathsMap: paths = {}, InputTemplate: template }: NonNullable<InputTarget["InputTransformer"]>,
): InputTransformer {
  const transformer = { paths, template };
  for (const path of Object.values(paths)) {
    checkInputPath(id, path);
  }
  try {
    checkInputTransformer(transformer);
  } catch (error) {
    throw error instanceof InvalidInputTemplate ? refused(id, error.message) : error;
  }
  return transformer;
}

function checkArn({ accountId, region }: Caller, id: string, arn: string): void {
  const kind = targetKind(arn);
  if (kind === undefined) {
    throw refused(
      id,
      `${arn} cannot be invoked: targets are a remediation's Lambda function, a log group, an SNS topic, or the http:// or https:// address of a webhook.`,
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
