import { expect, it } from "vitest";
import { requireS3KeyPrefix } from "../../../shared/trail/s3-key-prefix.ts";

it.each(["", "audit", "audit/trails", "audit/", "Prüfung 2026", "a".repeat(200)])(
  "%j is a prefix",
  (prefix) => {
    expect(() => requireS3KeyPrefix(prefix)).not.toThrow();
  },
);

it.each([
  [
    "a".repeat(201),
    "S3 prefix is too long. Maximum allowed length: 200 characters. Specified length: 201 characters.",
  ],
  ["audit\n", "S3 prefix is not valid: audit\n"],
])("%j is not a prefix", (prefix, message) => {
  expect(() => requireS3KeyPrefix(prefix)).toThrow(
    expect.objectContaining({ code: "InvalidS3PrefixException", message }),
  );
});
