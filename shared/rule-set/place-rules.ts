import { InvalidRulesFile } from "./invalid-rules-file.ts";
import type { SetRule } from "./set-rule.ts";

/** Where rules are put. */
export interface RulePlace {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** The place of an event bus, by its ARN. @throws TypeError if it is none */
export function placeOfBus(arn: string): RulePlace {
  const [, partition, region, accountId] = /^arn:([^:]+):events:([^:]+):(\d{12}):event-bus\//.exec(arn) ?? [];
  if (partition === undefined || region === undefined || accountId === undefined) {
    throw new TypeError(`${arn} is no ARN of an event bus`);
  }
  return { partition, region, accountId };
}

/**
 * Fills in what ARNs of rules files leave open, so that one file fits every account: CloudFormation's pseudo parameters
 * `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`.
 * @throws InvalidRulesFile if another name is in such brackets
 */
export function placeRules(rules: readonly SetRule[], place: RulePlace): readonly SetRule[] {
  const problems: string[] = [];
  const placed = rules.map((rule) => {
    const fill = (arn: string): string => filled(arn, place, `${rule.file}: rule ${rule.name}`, problems);
    return {
      ...rule,
      ...(rule.roleArn !== undefined && { roleArn: fill(rule.roleArn) }),
      targets: rule.targets.map((target) => ({
        ...target,
        arn: fill(target.arn),
        ...(target.roleArn !== undefined && { roleArn: fill(target.roleArn) }),
        ...(target.deadLetterConfig && { deadLetterConfig: { arn: fill(target.deadLetterConfig.arn) } }),
      })),
    };
  });
  if (problems.length > 0) {
    throw new InvalidRulesFile(problems);
  }
  return placed;
}

function filled(arn: string, place: RulePlace, where: string, problems: string[]): string {
  const values = new Map([
    ["AWS::Partition", place.partition],
    ["AWS::Region", place.region],
    ["AWS::AccountId", place.accountId],
  ]);
  return arn.replaceAll(/\$\{([^}]*)\}/g, (written, name: string) => {
    const value = values.get(name);
    if (value === undefined) {
      problems.push(`${where}: ${arn}: ${written} is not known; ${[...values.keys()].join(", ")} are`);
    }
    return value ?? written;
  });
}
