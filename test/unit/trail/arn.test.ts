import fc from "fast-check";
import { expect, it } from "vitest";
import { isArn, parseTrailArn, trailArn } from "../../../shared/trail/arn.ts";

it.each([
  ["us-east-2", "arn:aws:cloudtrail:us-east-2:111122223333:trail/MyTrail"],
  ["cn-north-1", "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/MyTrail"],
  ["us-gov-west-1", "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/MyTrail"],
])("a trail of %s is %s", (homeRegion, arn) => {
  expect(trailArn({ homeRegion, accountId: "111122223333", name: "MyTrail" })).toBe(arn);
});

it("an ARN tells again what it was made from", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("us-east-1", "ap-southeast-5", "cn-northwest-1", "us-gov-east-1"),
      fc.stringMatching(/^\d{12}$/),
      fc.stringMatching(/^[a-z0-9]{3,128}$/),
      (homeRegion, accountId, name) => {
        const arn = trailArn({ homeRegion, accountId, name });

        expect(isArn(arn)).toBe(true);
        expect(parseTrailArn(arn)).toEqual({ homeRegion, accountId, name });
      },
    ),
  );
});

it.each([
  "arn:aws:cloudtrail:us-east-2:111122223333:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE",
  "arn:aws:cloudtrail:us-east-2:1111:trail/MyTrail",
  "arn:aws:cloudtrail:cn-north-1:111122223333:trail/MyTrail",
  "arn:aws:s3:::amzn-s3-demo-bucket1",
  "arn:",
])("%s is not a trail's ARN", (arn) => {
  expect(() => parseTrailArn(arn)).toThrow(
    expect.objectContaining({ code: "CloudTrailARNInvalidException" }),
  );
});

it("the name in an ARN follows the rules for names", () => {
  expect(() => parseTrailArn("arn:aws:cloudtrail:us-east-2:111122223333:trail/My Trail")).toThrow(
    expect.objectContaining({ code: "InvalidTrailNameException" }),
  );
});

it("a name is not an ARN", () => {
  expect(isArn("arn-keeper")).toBe(false);
});
