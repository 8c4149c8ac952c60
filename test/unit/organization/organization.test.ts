import { describe, expect, test } from "vitest";
import { parseOrganization } from "../../../shared/organization/organization.ts";

const ORGANIZATION = {
  id: "o-exampleorgid",
  managementAccountId: "123456789012",
  memberAccountIds: ["111122223333", "444455556666"],
};

describe("an organization in JSON", () => {
  test("is read, also without members", () => {
    const { memberAccountIds: _, ...alone } = ORGANIZATION;

    expect(parseOrganization(JSON.stringify(ORGANIZATION))).toEqual(ORGANIZATION);
    expect(parseOrganization(JSON.stringify(alone))).toEqual({ ...alone, memberAccountIds: [] });
  });

  test.each([
    ["an id that is none", { id: "exampleorgid" }, /^id must be/],
    ["no management account", { managementAccountId: undefined }, /^managementAccountId must/],
    ["a number as account", { managementAccountId: 123456789012 }, /^managementAccountId must/],
    ["members that are no list", { memberAccountIds: "111122223333" }, /^memberAccountIds must/],
    ["a member that is no account", { memberAccountIds: ["1111"] }, /^memberAccountIds must/],
  ])("with %s is refused", (_what, change, message) => {
    expect(() => parseOrganization(JSON.stringify({ ...ORGANIZATION, ...change }))).toThrow(message);
  });

  test.each(["", "o-exampleorgid", "null", "[]"])("%j is none", (text) => {
    expect(() => parseOrganization(text)).toThrow();
  });
});
