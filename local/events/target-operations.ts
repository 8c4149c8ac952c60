import { AwsError } from "../../shared/error/aws-error.ts";
import { MOST_TARGETS, type RuleTarget } from "../../shared/rule/rule.ts";
import { checkBus, type EventsOperation, findRule, noSuchRule } from "./call.ts";
import { checkTarget } from "./check-target.ts";
import { pageOf } from "./page.ts";
import { refuseBuiltIn } from "./rule-operations.ts";

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html */
export const putTargets: EventsOperation<"PutTargets"> = async ({ input, caller, rules }) => {
  checkBus(caller, input.EventBusName);
  refuseBuiltIn(input.Rule);
  const added = input.Targets.map((target) => checkTarget(caller, target));
  await rules.change(caller, input.Rule, (rule) => {
    if (rule === undefined) {
      return noSuchRule(input.Rule);
    }
    const targets = [...new Map([...rule.targets, ...added].map((target) => [target.id, target])).values()];
    if (targets.length > MOST_TARGETS) {
      throw new AwsError(
        "LimitExceededException",
        "The requested resource exceeds the maximum number allowed.",
      );
    }
    return { ...rule, targets };
  });
  return { FailedEntryCount: 0, FailedEntries: [] };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RemoveTargets.html */
export const removeTargets: EventsOperation<"RemoveTargets"> = async ({ input, caller, rules }) => {
  checkBus(caller, input.EventBusName);
  refuseBuiltIn(input.Rule);
  await rules.change(caller, input.Rule, (rule) =>
    rule === undefined
      ? noSuchRule(input.Rule)
      : { ...rule, targets: rule.targets.filter(({ id }) => !input.Ids.includes(id)) },
  );
  return { FailedEntryCount: 0, FailedEntries: [] };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListTargetsByRule.html */
export const listTargetsByRule: EventsOperation<"ListTargetsByRule"> = async (call) => {
  const { input, caller } = call;
  checkBus(caller, input.EventBusName);
  const { targets } = await findRule(call, input.Rule);
  const inOrder = targets.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const { items, NextToken } = pageOf(inOrder, ({ id }) => id, input);
  return {
    Targets: items.map(described),
    NextToken,
  };
};

function described({
  id,
  arn,
  roleArn,
  input,
  inputPath,
  inputTransformer: transformer,
  deadLetterConfig,
  retryPolicy,
}: RuleTarget): object {
  return {
    Id: id,
    Arn: arn,
    RoleArn: roleArn,
    Input: input,
    InputPath: inputPath,
    InputTransformer: transformer && {
      InputPathsMap: transformer.paths,
      InputTemplate: transformer.template,
    },
    DeadLetterConfig: deadLetterConfig && { Arn: deadLetterConfig.arn },
    RetryPolicy: retryPolicy && {
      MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
      MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
    },
  };
}
