import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../shared/event/json.ts";
import { isInScope, showsIn, type TrailScope } from "../../../shared/trail/scope.ts";
import { activityRecord } from "../../support/activity-record.ts";

const ALL_REGIONS: TrailScope = {
  isMultiRegionTrail: true,
  homeRegion: "eu-central-1",
  includeGlobalServiceEvents: true,
};

function singleRegion(homeRegion: string, includeGlobalServiceEvents: boolean): TrailScope {
  return { isMultiRegionTrail: false, homeRegion, includeGlobalServiceEvents };
}

describe("an all-region trail", () => {
  it.each(["eu-central-1", "us-east-1", "cn-north-1", "xx-new-region-7"])(
    "takes events of %s",
    (awsRegion) => {
      expect(isInScope(ALL_REGIONS, activityRecord({ awsRegion, eventSource: "iam.amazonaws.com" }))).toBe(
        true,
      );
    },
  );

  it("shows in every region, away from home as a shadow trail only", () => {
    expect(showsIn(ALL_REGIONS, "us-west-2", true)).toBe(true);
    expect(showsIn(ALL_REGIONS, "us-west-2", false)).toBe(false);
    expect(showsIn(ALL_REGIONS, "eu-central-1", false)).toBe(true);
  });
});

describe("a single-region trail", () => {
  it("takes the events of its home region and of no other", () => {
    const scope = singleRegion("us-west-2", true);

    expect(isInScope(scope, activityRecord({ awsRegion: "us-west-2" }))).toBe(true);
    expect(
      isInScope(scope, activityRecord({ awsRegion: "us-east-1", eventSource: "iam.amazonaws.com" })),
    ).toBe(false);
  });

  it("shows at home only", () => {
    expect(showsIn(singleRegion("us-west-2", true), "us-west-2", false)).toBe(true);
    expect(showsIn(singleRegion("us-west-2", true), "us-east-1", true)).toBe(false);
  });

  it.each([
    ["us-east-1", "iam.amazonaws.com"],
    ["us-east-1", "cloudfront.amazonaws.com"],
    ["us-east-1", "route53.amazonaws.com"],
    ["us-east-1", "signin.amazonaws.com"],
    ["us-east-1", "sts.amazonaws.com"],
    ["cn-north-1", "iam.amazonaws.com"],
    ["cn-northwest-1", "cloudfront.amazonaws.com"],
    ["us-gov-west-1", "iam.amazonaws.com"],
  ])("in %s takes the global events of %s only if it includes them", (awsRegion, eventSource) => {
    const record = activityRecord({ awsRegion, eventSource });

    expect(isInScope(singleRegion(awsRegion, true), record)).toBe(true);
    expect(isInScope(singleRegion(awsRegion, false), record)).toBe(false);
  });

  it.each([
    ["us-east-1", "ec2.amazonaws.com"],
    ["us-west-2", "iam.amazonaws.com"],
    ["eu-west-1", "sts.amazonaws.com"],
    ["cn-north-1", "sts.amazonaws.com"],
    ["us-gov-east-1", "iam.amazonaws.com"],
  ])("in %s takes events of %s without including global ones", (awsRegion, eventSource) => {
    expect(isInScope(singleRegion(awsRegion, false), activityRecord({ awsRegion, eventSource }))).toBe(true);
  });

  it.each<readonly [JsonObject, boolean]>([
    [{ tlsDetails: { clientProvidedHostHeader: "sts.amazonaws.com" } }, false],
    [{ tlsDetails: { clientProvidedHostHeader: "sts.us-east-1.amazonaws.com" } }, true],
    [{ tlsDetails: { clientProvidedHostHeader: "sts-fips.us-east-1.amazonaws.com" } }, true],
    [{ tlsDetails: { clientProvidedHostHeader: "vpce-1-2.sts.us-east-1.vpce.amazonaws.com" } }, true],
    [{ additionalEventData: { RequestDetails: { endpointType: "regional" } } }, true],
    [{ additionalEventData: { RequestDetails: { endpointType: "global" } } }, false],
    [{ tlsDetails: null, additionalEventData: null }, false],
    [{ tlsDetails: "none", additionalEventData: { RequestDetails: null } }, false],
  ])("without global events takes an STS call with %j: %s", (fields, expected) => {
    const record = activityRecord({ eventSource: "sts.amazonaws.com", ...fields });

    expect(isInScope(singleRegion("us-east-1", false), record)).toBe(expected);
  });
});
