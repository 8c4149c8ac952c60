import type { RulePlace } from "../../shared/rule-set/place-rules.ts";
import type { RuleChange } from "../../shared/rule-set/rule-change.ts";

/**
 * What Lambda functions still need on AWS to be invoked by the rules whose targets they became, as commands of the AWS CLI. Nothing
 * where there are none. A target with a role needs none.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function permissionHint(changes: readonly RuleChange[], place: RulePlace): string {
  const commands = changes.flatMap((change) =>
    change.steps.flatMap((step) =>
      step.do === "put-targets"
        ? step.targets
            .filter(({ arn, roleArn }) => /^arn:[^:]+:lambda:/.test(arn) && roleArn === undefined)
            .map(({ arn }) => permissionCommand(arn, change, place))
        : [],
    ),
  );
  return commands.length === 0
    ? ""
    : `\nOn AWS a function must let the rule invoke it; once for each:\n${commands.map((line) => `  ${line}\n`).join("")}`;
}

function permissionCommand(
  functionArn: string,
  { name, eventBusName }: RuleChange,
  { partition, region, accountId }: RulePlace,
): string {
  const rule = eventBusName === "default" ? name : `${eventBusName}/${name}`;
  return [
    `aws lambda add-permission --function-name ${functionArn}`,
    // Of all that a rule's name may hold, a statement's id may not have the dot.
    `--statement-id ${name.replaceAll(".", "_")}`,
    "--action lambda:InvokeFunction --principal events.amazonaws.com",
    `--source-arn arn:${partition}:events:${region}:${accountId}:rule/${rule}`,
  ].join(" ");
}
