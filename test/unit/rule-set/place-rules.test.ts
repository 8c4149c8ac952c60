import { expect, test } from "vitest";
import { InvalidRulesFile } from "../../../shared/rule-set/invalid-rules-file.ts";
import { placeOfBus, placeRules } from "../../../shared/rule-set/place-rules.ts";
import type { SetRule } from "../../../shared/rule-set/set-rule.ts";

const PLACE = { partition: "aws-cn", region: "cn-north-1", accountId: "111122223333" };

const rule = (arn: string): SetRule => ({
  name: "r",
  state: "ENABLED",
  eventPattern: `{"source":["\${AWS::Region}"]}`,
  roleArn: `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/r`,
  eventBusName: "default",
  tags: {},
  targets: [{ id: "t", arn, roleArn: arn, deadLetterConfig: { arn } }],
  file: "rules.yml",
});

test("ARNs get the partition, region and account of the bus, and nothing else does", () => {
  const arn = "arn:aws-cn:sqs:cn-north-1:111122223333:q";

  const [placed] = placeRules(
    [rule(`arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:q`)],
    PLACE,
  );

  expect(placed).toEqual({
    ...rule(arn),
    roleArn: "arn:aws-cn:iam::111122223333:role/r",
  });
});

test("a name that is not known is refused", () => {
  expect(() => placeRules([rule(`arn:aws:sqs:\${Region}:1:q`)], PLACE)).toThrow(InvalidRulesFile);
  expect(() => placeRules([rule(`arn:aws:sqs:\${Region}:1:q`)], PLACE)).toThrow(
    `rules.yml: rule r: arn:aws:sqs:\${Region}:1:q: \${Region} is not known; AWS::Partition, AWS::Region, AWS::AccountId are`,
  );
});

test("a bus's ARN says where it is", () => {
  expect(placeOfBus("arn:aws-cn:events:cn-north-1:111122223333:event-bus/default")).toEqual(PLACE);
  expect(() => placeOfBus("arn:aws:events:us-east-1:1:rule/r")).toThrow(TypeError);
});
