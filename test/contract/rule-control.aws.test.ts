import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { eventBridgeRuleControl } from "../../shared/adapters/aws/rule-control.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeRuleControlContract } from "./rule-control.suite.ts";

describeWithMoto("EventBridge in moto", (config) => {
  describeRuleControlContract("aws", async () => {
    await fetch(`${config().endpoint}/moto-api/reset`, { method: "POST" });
    return eventBridgeRuleControl(new EventBridgeClient(config()));
  });
});
