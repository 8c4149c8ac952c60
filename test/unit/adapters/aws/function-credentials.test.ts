import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultProvider } from "../../../../shared/adapters/aws/function-credentials.ts";

describe("a function's credentials", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("are those that Lambda puts into its environment, the session's token with them", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "token");

    expect(await defaultProvider()()).toEqual({
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: "secret",
      sessionToken: "token",
    });
  });

  it("of a user have no token", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "");

    expect(await defaultProvider()()).toEqual({
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "secret",
    });
  });

  it("that are not there are asked for by name", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "");

    await expect(defaultProvider()()).rejects.toThrow(
      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
    );
  });
});
