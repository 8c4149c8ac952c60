import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { assumedRole } from "../../../../shared/adapters/aws/assumed-role.ts";

const ROLE = "arn:aws:iam::111122223333:role/home";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 31) });
});

afterEach(() => {
  vi.useRealTimers();
});

/** An STS that gives sessions of an hour, each with a key of its own, after `failures` refusals. */
function stsOf(failures = 0) {
  const sts = mockClient(STSClient);
  let calls = 0;
  sts.on(AssumeRoleCommand).callsFake(() => {
    calls += 1;
    if (calls <= failures) throw new Error("AccessDenied");
    return {
      Credentials: {
        AccessKeyId: `ASIA${calls}`,
        SecretAccessKey: "secret",
        SessionToken: "token",
        Expiration: new Date(Date.now() + 3_600_000),
      },
    };
  });
  return { provide: assumedRole(new STSClient({}), ROLE, "collector"), sts };
}

it("all clients share one session, and a new one is asked for before it ends", async () => {
  const { provide, sts } = stsOf();

  const together = await Promise.all([provide(), provide()]);
  vi.advanceTimersByTime(54 * 60_000);
  const late = await provide();
  vi.advanceTimersByTime(2 * 60_000);
  const renewed = await provide();

  expect([...together, late, renewed].map(({ accessKeyId }) => accessKeyId)).toEqual([
    "ASIA1",
    "ASIA1",
    "ASIA1",
    "ASIA2",
  ]);
  expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toEqual({
    RoleArn: ROLE,
    RoleSessionName: "collector",
    DurationSeconds: 3_600,
  });
});

it("a refusal is not kept", async () => {
  const { provide } = stsOf(1);

  const first = provide();

  await expect(first).rejects.toThrow("AccessDenied");
  expect((await provide()).accessKeyId).toBe("ASIA2");
});
