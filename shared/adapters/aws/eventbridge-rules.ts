import type { Rule as EventBridgeRule, Tag, Target } from "@aws-sdk/client-eventbridge";
import type { RuleTarget } from "../../rule/rule.ts";
import type { BusRuleHead, BusTarget } from "../../rule-set/set-rule.ts";

/** A rule as ListRules answers it. */
export function busRuleHead(rule: EventBridgeRule, eventBusName: string): BusRuleHead {
  const { Name = "", Arn = "", State = "ENABLED", ManagedBy, ScheduleExpression } = rule;
  return {
    name: Name,
    arn: Arn,
    eventBusName,
    state: State,
    ...(rule.Description !== undefined && { description: rule.Description }),
    ...(rule.EventPattern !== undefined && { eventPattern: rule.EventPattern }),
    ...(ScheduleExpression !== undefined && { scheduleExpression: ScheduleExpression }),
    ...(rule.RoleArn !== undefined && { roleArn: rule.RoleArn }),
    ...(ManagedBy !== undefined && { managedBy: ManagedBy }),
  };
}

/** A target as ListTargetsByRule answers it. */
export function busTarget({
  Id = "",
  Arn = "",
  RoleArn,
  Input,
  InputPath,
  InputTransformer: transformer,
  DeadLetterConfig,
  RetryPolicy,
  ...others
}: Partial<Target>): BusTarget {
  const otherParameters = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name)
    .sort();
  return {
    id: Id,
    arn: Arn,
    ...(RoleArn !== undefined && { roleArn: RoleArn }),
    ...(Input !== undefined && { input: Input }),
    ...(InputPath !== undefined && { inputPath: InputPath }),
    ...(transformer !== undefined && {
      inputTransformer: {
        paths: transformer.InputPathsMap ?? {},
        template: transformer.InputTemplate ?? "",
      },
    }),
    ...(DeadLetterConfig?.Arn !== undefined && { deadLetterConfig: { arn: DeadLetterConfig.Arn } }),
    ...(RetryPolicy !== undefined && { retryPolicy: retryPolicy(RetryPolicy) }),
    ...(otherParameters.length > 0 && { otherParameters }),
  };
}

/** A target as PutTargets takes it. */
export function eventBridgeTarget(target: RuleTarget): Target {
  const { inputTransformer: transformer, retryPolicy: policy } = target;
  return {
    Id: target.id,
    Arn: target.arn,
    ...(target.roleArn !== undefined && { RoleArn: target.roleArn }),
    ...(target.input !== undefined && { Input: target.input }),
    ...(target.inputPath !== undefined && { InputPath: target.inputPath }),
    ...(transformer !== undefined && {
      InputTransformer: { InputPathsMap: { ...transformer.paths }, InputTemplate: transformer.template },
    }),
    ...(target.deadLetterConfig && { DeadLetterConfig: { Arn: target.deadLetterConfig.arn } }),
    ...(policy !== undefined && {
      RetryPolicy: {
        ...(policy.maximumEventAgeInSeconds !== undefined && {
          MaximumEventAgeInSeconds: policy.maximumEventAgeInSeconds,
        }),
        ...(policy.maximumRetryAttempts !== undefined && {
          MaximumRetryAttempts: policy.maximumRetryAttempts,
        }),
      },
    }),
  };
}

/** Tags as EventBridge takes them. */
export function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function retryPolicy({
  MaximumEventAgeInSeconds: age,
  MaximumRetryAttempts: attempts,
}: NonNullable<Target["RetryPolicy"]>): NonNullable<RuleTarget["retryPolicy"]> {
  return {
    ...(age !== undefined && { maximumEventAgeInSeconds: age }),
    ...(attempts !== undefined && { maximumRetryAttempts: attempts }),
  };
}
