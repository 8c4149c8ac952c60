import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { storyFiles } from "../../scripts/story/story.ts";
import type { JsonObject } from "../../shared/event/json.ts";

const EVENTS = path.join(import.meta.dirname, "../../events");

function storyRecords(): readonly JsonObject[] {
  return storyFiles()
    .filter(({ path: name }) => name.startsWith("1-ingest/story/"))
    .flatMap(({ text }) => text.trimEnd().split("\n"))
    .map((line) => JSON.parse(line) as JsonObject);
}

describe("the sample events", () => {
  test("are what scripts/write-events.ts writes", () => {
    for (const { path: name, text } of storyFiles()) {
      expect(readFileSync(path.join(EVENTS, name), "utf8"), name).toBe(text);
    }
  });

  test("are all of what stands in events/, but for its README", () => {
    const committed = readdirSync(EVENTS, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== "README.md")
      .map((entry) => path.relative(EVENTS, path.join(entry.parentPath, entry.name)));

    expect(committed.sort()).toEqual(
      storyFiles()
        .map(({ path: name }) => name)
        .sort(),
    );
  });

  test("name no account, address or key outside of those kept for documentation", () => {
    const text = storyFiles()
      .map((file) => file.text)
      .join("");

    const accounts = new Set(text.match(/(?<=[":])\d{12}(?=[":])/g));
    const addresses = new Set(text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b(?!\/)/g));
    const keys = text.match(/\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]+/g) ?? [];

    expect([...accounts].sort()).toEqual(["111122223333", "123456789012", "444455556666"]);
    expect(
      [...addresses].filter((address) => !/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\./.test(address)),
    ).toEqual([]);
    expect(keys.filter((key) => !key.endsWith("EXAMPLE"))).toEqual([]);
  });
});

describe("the story", () => {
  test("tells its 169 records in the order of time, each with an eventID of its own", () => {
    const records = storyRecords();

    const times = records.map(({ eventTime }) => String(eventTime));
    expect(records).toHaveLength(169);
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(169);
    expect(times).toEqual([...times].sort());
  });

  test("spans several regions, two accounts and the services of an incident", () => {
    const records = storyRecords();

    expect(new Set(records.map(({ awsRegion }) => awsRegion)).size).toBe(6);
    expect(new Set(records.map(({ recipientAccountId }) => recipientAccountId)).size).toBe(2);
    expect(new Set(records.map(({ eventSource }) => String(eventSource).split(".")[0]))).toEqual(
      new Set("cloudtrail ec2 guardduty iam kms lambda s3 secretsmanager signin ssm sts".split(" ")),
    );
  });

  test("never stops a trail by itself: the demo does", () => {
    const changes = storyRecords().filter(
      ({ eventSource, readOnly }) => eventSource === "cloudtrail.amazonaws.com" && readOnly === false,
    );

    expect(changes.length).toBeGreaterThan(3);
    expect(changes.every(({ errorCode }) => errorCode === "AccessDenied")).toBe(true);
  });

  test("counts in its README as it is", () => {
    const readme = readFileSync(path.join(EVENTS, "README.md"), "utf8");
    const records = storyRecords();

    expect(readme).toContain(`${records.length} CloudTrail records`);
    expect(readme).toContain(
      `${records.filter(({ eventCategory }) => eventCategory === "Data").length} of the records are S3 data events`,
    );
    expect(readme).toContain(
      `${records.filter(({ errorCode }) => errorCode !== undefined).length} calls were refused`,
    );
  });
});
