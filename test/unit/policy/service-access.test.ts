import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../../shared/policy/glob.ts";
import { allowsService } from "../../../shared/policy/service-access.ts";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:deliveries";
const TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";
const CALL = {
  service: "cloudtrail.amazonaws.com",
  action: "SNS:Publish",
  resource: TOPIC,
  sourceArn: TRAIL,
};

/** The statement that the user guide has for CloudTrail, with `change` in place of its members. */
function statement(change: object = {}) {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  return { Effect: "Allow", Principal, Action: "SNS:Publish", Resource: TOPIC, ...change };
}

const allows = (...statements: readonly object[]): boolean =>
  allowsService(JSON.stringify({ Version: "2012-10-17", Statement: statements }), CALL);

describe("a topic's policy lets CloudTrail publish", () => {
  it.each([
    ["by the user guide's statement", {}],
    ["for its trail", { Condition: { StringEquals: { "aws:SourceArn": TRAIL } } }],
    ["for its trail, in a list", { Condition: { StringEquals: { "AWS:SourceArn": ["x", TRAIL] } } }],
    ["for trails like it", { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:trail/*" } } }],
    ["for its account", { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } }],
    ["for no other account", { Condition: { StringNotEquals: { "aws:SourceAccount": "444455556666" } } }],
    ["to everybody", { Principal: "*" }],
    ["to every AWS principal", { Principal: { AWS: "*" } }],
    ["as one of several services", { Principal: { Service: ["events.amazonaws.com", CALL.service] } }],
    ["with actions by pattern, in any case", { Action: ["sns:pub*"] }],
    ["on all topics", { Resource: "*" }],
    ["but for other actions", { Action: undefined, NotAction: "SNS:DeleteTopic" }],
    ["if a key that is not there need not hold", { Condition: { StringEqualsIfExists: { "aws:x": "y" } } }],
    ["as a service", { Condition: { Bool: { "aws:PrincipalIsAWSService": true } } }],
    ["where a key must not be there", { Condition: { Null: { "aws:x": "true" } } }],
  ])("%s", (_how, change) => {
    expect(allows(statement(change))).toBe(true);
  });

  it.each([
    ["without a statement", []],
    ["to another service", [statement({ Principal: { Service: "events.amazonaws.com" } })]],
    ["by another action", [statement({ Action: "SNS:Subscribe" })]],
    ["on another topic", [statement({ Resource: `${TOPIC}2` })]],
    ["for another trail", [statement({ Condition: { StringEquals: { "aws:SourceArn": `${TRAIL}2` } } })]],
    [
      "where one of two conditions fails",
      [
        statement({
          Condition: { StringEquals: { "aws:SourceArn": TRAIL, "aws:SourceAccount": "444455556666" } },
        }),
      ],
    ],
    [
      "by the policy of a new topic",
      [
        statement({
          Principal: { AWS: "*" },
          Condition: { StringEquals: { "AWS:SourceOwner": "111122223333" } },
        }),
      ],
    ],
    [
      "by an operator that does not exist",
      [statement({ Condition: { Resembles: { "aws:SourceArn": TRAIL } } })],
    ],
    ["if something denies it", [statement(), statement({ Effect: "Deny", Principal: "*" })]],
    [
      "if it is denied to all but another",
      [
        statement(),
        statement({
          Effect: "Deny",
          Principal: undefined,
          NotPrincipal: { Service: "events.amazonaws.com" },
        }),
      ],
    ],
    ["by a statement that is none", ["Allow" as unknown as object]],
  ])("not %s", (_how, statements) => {
    expect(allows(...statements)).toBe(false);
  });
});

describe("a pattern of an IAM policy", () => {
  it("matches what the same pattern as a regular expression does", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", ":"), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const reference = new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`);

        expect(matchesGlob(glob, value)).toBe(reference.test(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is matched in little time, however many stars it has", () => {
    const started = performance.now();

    expect(matchesGlob("*a".repeat(200), "a".repeat(20_000).concat("b"))).toBe(false);

    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
