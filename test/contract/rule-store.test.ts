import { expect, test } from "vitest";
import { LocalRuleStore } from "../../shared/adapters/local/rule-store.ts";
import { MemoryRuleStore } from "../../shared/adapters/memory/rule-store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeRuleStoreContract } from "./rule-store.suite.ts";

describeRuleStoreContract("memory", () => ({ store: new MemoryRuleStore(), close: () => undefined }));

describeRuleStoreContract("local", () => {
  const folder = temporaryFolder();
  const store = new LocalRuleStore(folder.path);
  return {
    store,
    close: () => {
      store.close();
      folder.remove();
    },
  };
});

test("rules outlive the process", async () => {
  const folder = temporaryFolder();
  const scope = { accountId: "111122223333", region: "us-east-1" };
  const rule = { name: "a", state: "DISABLED", eventPattern: "{}", targets: [] } as const;
  const before = new LocalRuleStore(folder.path);
  await before.change(scope, "a", () => rule);
  before.close();

  const after = new LocalRuleStore(folder.path);

  expect(await after.list(scope)).toEqual([rule]);
  after.close();
  folder.remove();
});
