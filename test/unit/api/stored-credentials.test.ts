import { beforeEach, describe, expect, test } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemorySecrets } from "../../../shared/adapters/memory/secrets.ts";
import { remediationAccessKeyId } from "../../../shared/api/remediation-identity.ts";
import { signRequest } from "../../../shared/api/sign-request.ts";
import { KEYS_KEPT_MS, storedCredentials } from "../../../shared/api/stored-credentials.ts";
import type { Secrets } from "../../../shared/ports/secrets.ts";
import { testRequest } from "../../support/api-request.ts";

const NOW = Date.UTC(2026, 0, 31);
const ACCOUNT = "111122223333";
const ALICE = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "alice-secret" };
const entry = { ...ALICE, accountId: ACCOUNT, userIdentity: { type: "IAMUser", userName: "alice" } };
const REMEDIATION = { accessKeyId: remediationAccessKeyId(ACCOUNT), secretAccessKey: "generated" };

let clock: MemoryClock;
let secrets: MemorySecrets;
let problems: string[];
beforeEach(() => {
  clock = new MemoryClock(NOW);
  secrets = new MemorySecrets();
  problems = [];
});

/** Calls the endpoint's way in with keys: "let in", or the code of the refusal. */
function door(store: Secrets = secrets): (keys: typeof ALICE) => Promise<string> {
  const credentials = storedCredentials({
    secrets: store,
    clock,
    credentialsSecret: "keys",
    remediationSecret: "remediation",
    reportProblem: (message) => problems.push(message),
  });
  return async (keys) => {
    const url = new URL("https://abc.lambda-url.us-east-1.on.aws/");
    const signature = signRequest(
      { method: "POST", url, body: Buffer.alloc(0) },
      keys,
      "us-east-1",
      new Date(clock.now()),
    );
    try {
      (await credentials()).verify(testRequest({ headers: { ...signature, host: url.host } }), clock.now());
      return "let in";
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  };
}

describe("keys in a secret", () => {
  test("let in who signs with one of them, and remediations with the stack's own secret", async () => {
    secrets.set("keys", JSON.stringify([entry]));
    secrets.set("remediation", "generated");
    const enter = door();

    expect(await enter(ALICE)).toBe("let in");
    expect(await enter(REMEDIATION)).toBe("let in");
    expect(await enter({ ...ALICE, secretAccessKey: "guessed" })).toBe("InvalidSignatureException");
    expect(await enter({ ...REMEDIATION, secretAccessKey: "test" })).toBe("InvalidSignatureException");
    expect(problems).toEqual([]);
  });

  test("that are new work within a minute, and removed ones end within it", async () => {
    secrets.set("keys", "[]");
    const enter = door();

    const before = await enter(ALICE);
    secrets.set("keys", JSON.stringify([entry]));
    clock.advance(KEYS_KEPT_MS);
    const added = await enter(ALICE);
    secrets.set("keys", "[]");
    clock.advance(KEYS_KEPT_MS);
    const removed = await enter(ALICE);

    expect([before, added, removed]).toEqual([
      "UnrecognizedClientException",
      "let in",
      "UnrecognizedClientException",
    ]);
  });

  test.each([
    ["a secret that is not there", undefined],
    ["a secret without a value", ""],
    ["an empty list", "[]"],
  ])("%s: every key is unknown, and the log says so", async (_what, text) => {
    if (text !== undefined) secrets.set("keys", text);
    const enter = door();

    expect(await enter(ALICE)).toBe("UnrecognizedClientException");
    expect(await enter(REMEDIATION)).toBe("UnrecognizedClientException");
    expect(problems).toEqual([expect.stringContaining("has no keys")]);
  });

  test.each([
    ["no JSON", '[{"secretAccessKey":"alice-secret"', /The secret keys is no JSON/],
    ["no list", JSON.stringify(entry), /must be a JSON list/],
    ["a key without an account", JSON.stringify([{ ...entry, accountId: "1" }]), /entry 0: accountId/],
  ])("%s refuses everybody with 503, and the log says why without the secret", async (_what, text, why) => {
    secrets.set("keys", text);
    secrets.set("remediation", "generated");
    const enter = door();

    expect(await enter(ALICE)).toBe("ServiceUnavailable");
    expect(await enter(REMEDIATION)).toBe("ServiceUnavailable");
    expect(problems).toEqual([expect.stringMatching(why)]);
    expect(problems.join()).not.toContain("alice-secret");
  });

  test("that cannot be read now refuse everybody with 503, and are asked for again by the next request", async () => {
    secrets.set("keys", JSON.stringify([entry]));
    let isDown = true;
    const enter = door({
      read: async (id) => {
        if (isDown) throw new Error("timed out");
        return secrets.read(id);
      },
    });

    const down = await enter(ALICE);
    isDown = false;

    expect([down, await enter(ALICE)]).toEqual(["ServiceUnavailable", "let in"]);
    expect(problems).toEqual(["The secret with the endpoint's keys cannot be read"]);
  });
});
