import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import { MemorySettingStore } from "../../../../shared/adapters/memory/setting-store.ts";
import type { OperationContext } from "../../../../shared/api/operation.ts";
import { operationNamed } from "../../../../shared/api/operations.ts";
import type { SettingStore } from "../../../../shared/ports/setting-store.ts";
import { testCaller } from "../../../support/api-request.ts";

const DESTINATION = {
  Type: "EVENT_DATA_STORE",
  Location: "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/none",
};

function prepare(settings: SettingStore = new MemorySettingStore()) {
  // Channels work with nothing else.
  const context = {
    settings,
    clock: new MemoryClock(0),
    caller: testCaller(),
  } as unknown as OperationContext;
  return {
    settings,
    make: (Name: string) =>
      operationNamed("CreateChannel").run({ Name, Source: "Custom", Destinations: [DESTINATION] }, context),
    list: async () => (await operationNamed("ListChannels").run({}, context)).output.Channels as unknown[],
  };
}

describe("channels that are made at one time", () => {
  it("are all kept when their names differ", async () => {
    const { make, list } = prepare();

    await Promise.all(["one", "two", "three"].map(make));

    expect(await list()).toHaveLength(3);
  });

  it("are one when they have one name", async () => {
    const { make, list } = prepare();

    const made = await Promise.allSettled(Array.from({ length: 4 }, () => make("one")));

    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(made.filter(({ status }) => status === "rejected")).toMatchObject(
      Array(3).fill({ reason: { code: "ChannelAlreadyExistsException" } }),
    );
    expect(await list()).toHaveLength(1);
  });

  it("are refused with ConflictException when others are always faster", async () => {
    const { make } = prepare({ read: async () => "[]", replace: async () => false });

    await expect(make("one")).rejects.toMatchObject({ code: "ConflictException" });
  });
});
