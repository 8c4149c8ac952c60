import { AwsError } from "../../shared/error/aws-error.ts";
import { compilePattern } from "../../shared/pattern/compile-pattern.ts";
import { isBuiltIn } from "../../shared/rule/built-in-rules.ts";
import type { Rule, RuleState } from "../../shared/rule/rule.ts";
import {
  callersRules,
  changeRule,
  checkBus,
  DEFAULT_BUS,
  type EventsCall,
  type EventsOperation,
  eventsArn,
  findRule,
  invalid,
} from "./call.ts";
import { pageOf } from "./page.ts";
import { tagsOf } from "./tag-operations.ts";

/** Rules an event bus may have. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_RULES = 300;

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
export const putRule: EventsOperation<"PutRule"> = async (call) => {
  const { input, caller, rules } = call;
  const { Name: name, EventPattern: eventPattern, State: state = "ENABLED" } = input;
  checkBus(caller, input.EventBusName);
  refuseBuiltIn(name);
  if (input.ScheduleExpression !== undefined) {
    throw invalid("This host does not run rules on a schedule. Leave out ScheduleExpression.");
  }
  if (eventPattern === undefined || eventPattern === "") {
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  compilePattern(eventPattern);
  const existing = await callersRules(call);
  if (existing.length >= MOST_RULES && !existing.some((rule) => rule.name === name)) {
    throw new AwsError(
      "LimitExceededException",
      `The event bus has ${MOST_RULES} rules, as many as it may have.`,
    );
  }

  await rules.change(caller, name, (current) => {
    const tags = current?.tags ?? tagsOf(input.Tags ?? []);
    return {
      name,
      // One of the enum's: the model has been checked.
      state: state as RuleState,
      eventPattern,
      ...(input.Description !== undefined && { description: input.Description }),
      ...(input.RoleArn !== undefined && { roleArn: input.RoleArn }),
      tags,
      targets: current?.targets ?? [],
    };
  });
  return { RuleArn: eventsArn(caller, `rule/${name}`) };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html */
export const describeRule: EventsOperation<"DescribeRule"> = async (call) => {
  checkBus(call.caller, call.input.EventBusName);
  const rule = await findRule(call, call.input.Name);
  return { ...described(call, rule), CreatedBy: call.caller.accountId };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html */
export const listRules: EventsOperation<"ListRules"> = async (call) => {
  const { input, caller } = call;
  checkBus(caller, input.EventBusName);
  const found = (await callersRules(call)).filter(({ name }) => name.startsWith(input.NamePrefix ?? ""));
  const { items, NextToken } = pageOf(found, ({ name }) => name, input);
  return { Rules: items.map((rule) => described(call, rule)), NextToken };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EnableRule.html */
export const enableRule: EventsOperation<"EnableRule"> = (call) => setState(call, "ENABLED");

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DisableRule.html */
export const disableRule: EventsOperation<"DisableRule"> = (call) => setState(call, "DISABLED");

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html */
export const deleteRule: EventsOperation<"DeleteRule"> = async ({ input, caller, rules }) => {
  checkBus(caller, input.EventBusName);
  refuseBuiltIn(input.Name);
  await rules.change(caller, input.Name, (current) => {
    if (current !== undefined && current.targets.length > 0) {
      throw invalid("Rule can't be deleted since it has targets.");
    }
    return undefined;
  });
  return {};
};

/** What came with OpenTrail can be switched on and off, and nothing else. @throws ManagedRuleException */
export function refuseBuiltIn(name: string): void {
  if (isBuiltIn(name)) {
    throw new AwsError(
      "ManagedRuleException",
      `Rule ${name} is managed by OpenTrail: it can be enabled and disabled, not changed.`,
    );
  }
}

async function setState(
  call: EventsCall<{ readonly Name: string; readonly EventBusName?: string }>,
  state: RuleState,
): Promise<object> {
  const { input, caller } = call;
  checkBus(caller, input.EventBusName);
  await changeRule(call, input.Name, (rule) => ({ ...rule, state }));
  return {};
}

function described({ caller }: EventsCall<unknown>, rule: Rule): object {
  return {
    Name: rule.name,
    Arn: eventsArn(caller, `rule/${rule.name}`),
    EventPattern: rule.eventPattern,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    ManagedBy: isBuiltIn(rule.name) ? "opentrail" : undefined,
    EventBusName: DEFAULT_BUS,
  };
}
