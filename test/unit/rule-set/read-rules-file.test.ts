import { describe, expect, test } from "vitest";
import { InvalidRulesFile } from "../../../shared/rule-set/invalid-rules-file.ts";
import { readRulesFiles } from "../../../shared/rule-set/read-rules-file.ts";

const RULE = {
  name: "users",
  eventPattern: { source: ["aws.iam"] },
  targets: [{ id: "hook", arn: "https://example.com/hook" }],
};

const read = (text: string) => readRulesFiles([{ name: "rules.yml", text }]);
const readJson = (...rules: readonly unknown[]) => read(JSON.stringify({ rules }));

/** What is told of files that are refused. */
function problemsOf(reading: () => unknown): readonly string[] {
  try {
    reading();
  } catch (error) {
    if (error instanceof InvalidRulesFile) return error.problems;
    throw error;
  }
  throw new Error("Nothing was refused");
}

test("YAML and JSON of the same rules give the same", () => {
  const yaml = `
rules:
  - name: users
    eventPattern:
      source: [aws.iam]
    targets:
      - { id: hook, arn: https://example.com/hook }
`;

  expect(read(yaml)).toEqual(readJson(RULE));
  expect(read(JSON.stringify({ rules: [RULE] }, null, "\t"))).toEqual(readJson(RULE));
});

test("what is not given is what EventBridge takes for it", () => {
  expect(readJson(RULE)).toEqual([
    {
      name: "users",
      state: "ENABLED",
      eventPattern: '{"source":["aws.iam"]}',
      eventBusName: "default",
      tags: {},
      targets: RULE.targets,
      file: "rules.yml",
    },
  ]);
});

test("a rule pasted from a CloudFormation template is read", () => {
  const pasted = `
Rules:
  - Name: pasted
    Description: From a template
    EventBusName: shop
    State: DISABLED
    EventPattern: '{"source": ["aws.iam"]}'
    RoleArn: arn:aws:iam::111122223333:role/r
    Tags: [{ Key: team, Value: security }]
    Targets:
      - Id: queue
        Arn: arn:aws:sqs:us-east-1:111122223333:q
        InputTransformer:
          InputPathsMap: { Name: $.detail.eventName }
          InputTemplate: '"<Name>"'
        DeadLetterConfig: { Arn: arn:aws:sqs:us-east-1:111122223333:letters }
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 }
`;

  expect(read(pasted)).toEqual([
    {
      name: "pasted",
      description: "From a template",
      eventBusName: "shop",
      state: "DISABLED",
      eventPattern: '{"source": ["aws.iam"]}',
      roleArn: "arn:aws:iam::111122223333:role/r",
      tags: { team: "security" },
      targets: [
        {
          id: "queue",
          arn: "arn:aws:sqs:us-east-1:111122223333:q",
          inputTransformer: { paths: { Name: "$.detail.eventName" }, template: '"<Name>"' },
          deadLetterConfig: { arn: "arn:aws:sqs:us-east-1:111122223333:letters" },
          retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
        },
      ],
      file: "rules.yml",
    },
  ]);
});

test.each([
  ["a JSON text", '{"a":1}', '{"a":1}'],
  ["a value", { a: 1 }, '{"a":1}'],
  ["a quoted text", '"a"', '"a"'],
])("a target's constant input may be %s", (_what, input, expected) => {
  const [rule] = readJson({ ...RULE, targets: [{ ...RULE.targets[0], input }] });

  expect(rule?.targets).toMatchObject([{ input: expected }]);
});

describe("refused, with the file, the rule and the field", () => {
  const target = (fields: object) => ({ ...RULE, targets: [{ ...RULE.targets[0], ...fields }] });
  const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));

  test.each([
    ["no name", { ...RULE, name: undefined }, "rule 1 of the file: name: is missing"],
    ["a name of other characters", { ...RULE, name: "a b" }, "rule a b: name: only letters"],
    ["a name of 65 characters", { ...RULE, name: "a".repeat(65) }, "name: has 65 characters; 1 to 64 may be"],
    ["no pattern", { ...RULE, eventPattern: undefined }, "rule users: eventPattern: is missing"],
    [
      "a pattern that is none",
      { ...RULE, eventPattern: { source: "aws.iam" } },
      'rule users: eventPattern: Event pattern is not valid. Reason: "source" must be an object or an array at source',
    ],
    ["a pattern's text that is none", { ...RULE, eventPattern: '{\n"a"}' }, "at line 2, column 4"],
    ["a pattern that is a list", { ...RULE, eventPattern: [] }, "eventPattern: Event pattern is not valid"],
    ["an unknown state", { ...RULE, state: "ON" }, "state: is none of ENABLED, DISABLED"],
    ["an unknown field", { ...RULE, schedule: "x" }, "schedule: there is no such field; there are name, "],
    ["a field in both spellings", { ...RULE, State: "ENABLED", state: "ENABLED" }, "state: is given twice"],
    ["a long description", { ...RULE, description: "a".repeat(513) }, "description: has 513 characters"],
    ["a bus's ARN", { ...RULE, eventBusName: "arn:aws:events:us-east-1:1:event-bus/b" }, "not its ARN"],
    ["a role that is no ARN", { ...RULE, roleArn: "admin" }, "roleArn: is no ARN"],
    [
      "a tag that is no text",
      { ...RULE, tags: { cost: 5 } },
      "tags.cost: a text is needed: put it in quotes",
    ],
    ["a tag of AWS's", { ...RULE, tags: { "aws:x": "y" } }, "tags.aws:x: is not for files to set"],
    ["our own tag", { ...RULE, tags: { "opentrail:rule-set": "y" } }, "is not for files to set"],
    ["a long tag", { ...RULE, tags: { a: "a".repeat(257) } }, "tags.a: has 257 characters"],
    ["an empty tag", { ...RULE, tags: { "": "a" } }, "a key has 1 to 128 characters"],
    [
      "50 tags",
      { ...RULE, tags: Object.fromEntries(many(50).map((key) => [`k${key}`, "v"])) },
      "tags: are 50; 49 may be",
    ],
    ["targets that are no list", { ...RULE, targets: {} }, "targets: a list is needed"],
    [
      "six targets",
      { ...RULE, targets: many(6).map((id) => ({ id, arn: "https://example.com/" })) },
      "targets: are 6; a rule has 5 at most",
    ],
    [
      "two targets of one id",
      { ...RULE, targets: [...RULE.targets, ...RULE.targets] },
      "targets[1].id: another target has the id hook",
    ],
    ["a target that is a text", { ...RULE, targets: ["x"] }, "targets[0]: an object is needed"],
    ["a target without an ARN", target({ arn: undefined }), "targets[0].arn: is missing"],
    ["a target that is no ARN", target({ arn: "my-function" }), "targets[0].arn: is no ARN"],
    [
      "two inputs",
      target({ input: "1", inputPath: "$.detail" }),
      "only one of input and inputPath may be given",
    ],
    ["an input that is no JSON", target({ input: "hello" }), "targets[0].input: is no JSON text"],
    ["a long input", target({ input: JSON.stringify("a".repeat(8191)) }), "input: has 8193 characters"],
    ["a path that is none", target({ inputPath: "detail" }), "targets[0].inputPath: is no JSON path"],
    [
      "a transformer without a template",
      target({ inputTransformer: {} }),
      "targets[0].inputTransformer.inputTemplate: is missing",
    ],
    [
      "a transformer's path that is none",
      target({ inputTransformer: { inputPathsMap: { a: "x" }, inputTemplate: "1" } }),
      "inputPathsMap.a: is no JSON path",
    ],
    [
      "a transformer's name that is none",
      target({ inputTransformer: { inputPathsMap: { "a b": "$" }, inputTemplate: "1" } }),
      "inputPathsMap.a b: only letters",
    ],
    [
      "101 paths",
      target({
        inputTransformer: {
          inputPathsMap: Object.fromEntries(many(101).map((name) => [`n${name}`, "$"])),
          inputTemplate: "1",
        },
      }),
      "inputPathsMap: has 101 members; 100 may be",
    ],
    [
      "too many retries",
      target({ retryPolicy: { maximumRetryAttempts: 186 } }),
      "targets[0].retryPolicy.maximumRetryAttempts: a whole number from 0 to 185 is needed",
    ],
    [
      "too young an age",
      target({ retryPolicy: { maximumEventAgeInSeconds: 59 } }),
      "maximumEventAgeInSeconds: a whole number from 60 to 86400 is needed",
    ],
    ["a dead-letter queue without ARN", target({ deadLetterConfig: {} }), "deadLetterConfig.arn: is missing"],
    [
      "what rules files do not have",
      target({ ecsParameters: {} }),
      "targets[0].ecsParameters: there is no such",
    ],
  ])("%s", (_what, rule, problem) => {
    expect(problemsOf(() => readJson(rule))).toEqual([expect.stringContaining(problem)]);
    expect(problemsOf(() => readJson(rule))).toEqual([expect.stringMatching(/^rules\.yml: rule /)]);
  });

  test.each([
    ["an empty file", "", "the file: an object is needed"],
    ["a list", "[]", "the file: an object is needed"],
    ["no rules", "rule: []", "rule: there is no such field"],
    ["broken YAML", "rules: [", "rules.yml: line 1, column 9: "],
    ["two documents", "rules: []\n---\nrules: []\n", "multiple documents"],
    ["a repeated key", "rules: []\nrules: []\n", "line 2, column 1: Map keys must be unique"],
    ["a tag", "rules: [{ name: !Ref x }]", "Unresolved tag: !Ref. Tags are not resolved here"],
    ["a number that loses its zero", "rules: [{ name: 0123 }]", "the number 0123 would be read as 123"],
    ["a number that loses its fraction", "rules: [{ name: 1.0 }]", "the number 1.0 would be read as 1"],
    ["a key that is no text", "rules: [{ 1: x }]", "a key is no text: 1"],
  ])("%s", (_what, text, problem) => {
    expect(problemsOf(() => read(text))).toEqual([expect.stringContaining(problem)]);
  });

  test("aliases that would not end", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
    for (let level = 1; level < 9; level += 1) {
      const [name, before] = ["abcdefghi"[level], "abcdefghi"[level - 1]];
      bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(",")}]`);
    }

    expect(problemsOf(() => read(bomb.join("\n")))).toEqual([expect.stringContaining("alias")]);
  });
});

test("all that is wrong is told at once, and names that stand twice with both files", () => {
  const good = JSON.stringify({ rules: [RULE] });

  const problems = problemsOf(() =>
    readRulesFiles([
      { name: "a.json", text: good },
      { name: "b.json", text: JSON.stringify({ rules: [{ ...RULE, name: "x y" }, RULE] }) },
      { name: "c.yml", text: "rules: 5" },
    ]),
  );

  expect(problems).toEqual([
    "b.json: rule x y: name: only letters, digits and . - _ may be: x y",
    "c.yml: the file.rules: a list is needed",
    "b.json: rule users: name: stands twice for event bus default, first in a.json",
  ]);
});

test("one name on two buses is two rules", () => {
  expect(readJson(RULE, { ...RULE, eventBusName: "shop" })).toHaveLength(2);
});
