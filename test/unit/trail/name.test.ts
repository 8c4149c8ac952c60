import fc from "fast-check";
import { expect, it } from "vitest";
import { requireTrailName } from "../../../shared/trail/name.ts";

it.each([
  ["", "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 0 characters."],
  ["a", "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters."],
  [
    "a".repeat(129),
    "Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 characters.",
  ],
  ["-trail", "Trail name must starts with a letter or number."],
  ["trail.", "Trail name must ends with a letter or number."],
  [
    "my trail",
    "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).",
  ],
  ["my-_namespace", "Trail name cannot have adjacent periods, underscores, or dashes."],
  ["my--namespace", "Trail name cannot have adjacent periods, underscores, or dashes."],
  ["192.168.5.4", "Trail name cannot be in IP address format."],
  ["trail\n", "Trail name must ends with a letter or number."],
])("the name %j is refused in AWS's words", (name, message) => {
  expect(() => requireTrailName(name)).toThrow(
    expect.objectContaining({ code: "InvalidTrailNameException", message }),
  );
});

it("words of letters and digits, joined by single periods, underscores or dashes, are names", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{3,10}$/);

  fc.assert(
    fc.property(
      word,
      fc.array(fc.tuple(fc.constantFrom(".", "_", "-"), word), { maxLength: 10 }),
      (first, rest) => {
        const name = first + rest.flat().join("");

        expect(() => requireTrailName(name)).not.toThrow();
      },
    ),
  );
  expect(() => requireTrailName("a".repeat(128))).not.toThrow();
  expect(() => requireTrailName("1.2.3")).not.toThrow();
});
