import { describe, expect, test } from "vitest";
import type { FoundRecord } from "../../cli/demo/account.ts";
import { checkLogFiles, checkLogGroup, checkRemediation } from "../../cli/demo/checks.ts";
import { NotFound, within } from "../../cli/demo/steps.ts";
import { remediationAccessKeyId } from "../../shared/api/remediation-identity.ts";
import { fakeServer } from "./fake-server.ts";

const STORY = new Set(["a", "b", "c"]);

function call(eventID: string, eventName: string, accessKeyId: string): FoundRecord {
  return { eventID, eventName, userIdentity: { accessKeyId } };
}

const STOPPED = call("stop", "StopLogging", "demo");
const STARTED = call("start", "StartLogging", "demo");
const RESTARTED = call("restart", "StartLogging", remediationAccessKeyId("111122223333"));

function story(...ids: string[]): FoundRecord[] {
  return ids.map((id) => call(id, "GetUser", "intruder"));
}

function logFiles(...files: (readonly FoundRecord[])[]) {
  return {
    logFiles: async () => files.map((records, n) => ({ key: `logs/${n}.json.gz`, size: 100, records })),
  };
}

describe("the demo's check of the log files", () => {
  test("is good when every record is there once, and the stop and the remediation's start are", async () => {
    const account = logFiles(story("a", "b"), [...story("c"), STARTED, STOPPED, RESTARTED]);

    const { text, details } = await checkLogFiles(account, STORY);

    expect(text).toContain("all 3 records in 2 log files, each once; and 3 calls");
    expect(details).toContain("0.json.gz");
  });

  test.each([
    ["a record is missing", logFiles(story("a", "b"), [STOPPED, RESTARTED]), "1 missing"],
    [
      "a record is there twice",
      logFiles(story("a", "b", "c"), [...story("b"), STOPPED, RESTARTED]),
      "1 more than once",
    ],
    ["the stop was not recorded", logFiles(story("a", "b", "c"), [RESTARTED]), "no record of StopLogging"],
    [
      "only the demo itself started the trail",
      logFiles(story("a", "b", "c"), [STARTED, STOPPED]),
      "no record of a StartLogging by the remediation",
    ],
    ["there are no files", logFiles(), "0 of 3 records in 0 log files"],
  ])("fails when %s", async (_, account, message) => {
    const check = checkLogFiles(account, STORY);

    await expect(check).rejects.toThrow(NotFound);
    await expect(check).rejects.toThrow(message);
  });
});

describe("the demo's check of the log group", () => {
  test("takes a record that came twice, as CloudWatch Logs may have it, and no missing one", async () => {
    const twice = { logStreams: async () => [{ name: "s", records: story("a", "b", "b", "c") }] };
    const missing = { logStreams: async () => [{ name: "s", records: story("a", "b") }] };

    const good = checkLogGroup(twice, STORY);
    const bad = checkLogGroup(missing, STORY);

    await expect(good).resolves.toMatchObject({
      text: expect.stringContaining("3 of 3 records in 1 stream"),
    });
    await expect(bad).rejects.toThrow("2 of 3 records");
  });
});

describe("the demo's check of the remediation", () => {
  test.each([
    [0, 0, true, "no rule fired"],
    [2, 2, true, "no rule fired; invocations: restart 2 (2 failed)"],
    [1, 0, false, "the trail is still stopped"],
  ])(
    "fails after %d invocations of which %d failed, the trail logging: %s",
    async (invocations, failures, logging, message) => {
      await using server = await fakeServer(() => ({
        status: 200,
        json: { rules: [{ name: "restart", state: "ENABLED", description: "d", invocations, failures }] },
      }));
      const endpoint = { url: server.url, region: "us-east-1", keys: undefined };

      const check = checkRemediation({ isLogging: async () => logging }, endpoint);

      await expect(check).rejects.toThrow(message);
    },
  );
});

describe("within", () => {
  test("asks again until it is found", async () => {
    let asked = 0;

    const found = await within(5_000, async () => {
      asked += 1;
      if (asked < 3) {
        throw new NotFound("not yet");
      }
      return asked;
    });

    expect(found).toBe(3);
  });

  test("gives up at its limit with what was last found instead", async () => {
    const late = within(150, () => Promise.reject(new NotFound("still not")));

    await expect(late).rejects.toThrow("still not");
  });

  test("does not ask again after any other error", async () => {
    const broken = within(60_000, () => Promise.reject(new Error("broken")));

    await expect(broken).rejects.toThrow("broken");
  });
});
