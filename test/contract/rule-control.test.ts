import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { afterEach, describe } from "vitest";
import { eventBridgeRuleControl } from "../../shared/adapters/aws/rule-control.ts";
import { MemoryRuleControl } from "../../shared/adapters/memory/rule-control.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";
import { describeRuleControlContract } from "./rule-control.suite.ts";

describeRuleControlContract("memory", async () => new MemoryRuleControl());

describe("the embedded host", () => {
  let host: TestHost | undefined;

  afterEach(() => host?.remove());

  describeRuleControlContract("aws", async () => {
    host = await startTestHost();
    return eventBridgeRuleControl(new EventBridgeClient(clientSettings(host.endpoint)));
  });
});
