import { describe, expect, test } from "vitest";
import type { EventEntry } from "../../../shared/ports/event-bus.ts";
import { busEvent } from "../../../shared/rule/bus-event.ts";
import type { Rule, RuleState } from "../../../shared/rule/rule.ts";
import { rulesForEvent } from "../../../shared/rule/rules-for-event.ts";

function rule(state: RuleState, eventPattern: unknown = { source: ["aws.iam"] }): Rule {
  return { name: state, description: "", state, eventPattern: JSON.stringify(eventPattern), targets: [] };
}

const everyState = [rule("ENABLED"), rule("DISABLED"), rule("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")];

function event(eventName: string, change: Partial<EventEntry> = {}, category = "Management") {
  const entry: EventEntry = {
    source: "aws.iam",
    detailType: "AWS API Call via CloudTrail",
    detail: JSON.stringify({ eventName, eventCategory: category }),
    time: Date.parse("2026-01-02T03:04:05.678Z"),
    accountId: "111122223333",
    region: "us-east-1",
    ...change,
  };
  return JSON.parse(busEvent(entry, "0f1e"));
}

function invoked(eventOnBus: ReturnType<typeof event>): readonly string[] {
  return rulesForEvent(everyState)(eventOnBus).map(({ name }) => name);
}

const ALL_STATE = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

describe("rules on the bus", () => {
  test("a write reaches every rule that is enabled in either way", () => {
    expect(invoked(event("DeleteUser"))).toEqual(["ENABLED", ALL_STATE]);
  });

  test.each(["ListUsers", "GetUser", "DescribeTrails"])(
    "%s reaches only rules that ask for all management events",
    (name) => {
      expect(invoked(event(name))).toEqual([ALL_STATE]);
    },
  );

  test.each(["GetFederationToken", "GetSessionToken", "AssumeRole"])(
    "%s reaches every enabled rule",
    (name) => {
      expect(invoked(event(name))).toEqual(["ENABLED", ALL_STATE]);
    },
  );

  test("a data event reaches every enabled rule, whatever its name", () => {
    expect(invoked(event("GetObject", {}, "Data"))).toEqual(["ENABLED", ALL_STATE]);
  });

  test("an event that no pattern matches invokes nothing", () => {
    expect(invoked(event("DeleteUser", { source: "aws.s3" }))).toEqual([]);
  });

  test("the event has EventBridge's members, and the record as its detail", () => {
    expect(event("DeleteUser")).toEqual({
      version: "0",
      id: "0f1e",
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.iam",
      account: "111122223333",
      time: "2026-01-02T03:04:05Z",
      region: "us-east-1",
      resources: [],
      detail: { eventName: "DeleteUser", eventCategory: "Management" },
    });
  });
});
