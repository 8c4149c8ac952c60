import { expect, it } from "vitest";
import type { JsonObject } from "../../../shared/event/json.ts";
import {
  ATTRIBUTE_NAMES,
  type AttributeName,
  attributeValues,
  eventAttributes,
} from "../../../shared/history/event-attributes.ts";
import { corpusLines, describeWithCorpus } from "../../support/corpus.ts";
import { CORPUS_SOURCES } from "../../support/corpus-sources.ts";

it.each<[string, JsonObject | null, readonly string[]]>([
  ["an IAM user by its name", { type: "IAMUser", userName: "alice" }, ["alice"]],
  ["the root user as root", { type: "Root", userName: "the-alias" }, ["root"]],
  ["an assumed role by its session", { type: "AssumedRole", principalId: "AROAX:i-0123" }, ["i-0123"]],
  ["a federated user by its session", { type: "FederatedUser", principalId: "123:bob" }, ["bob"]],
  ["an application's user by its details", { type: "Customer", details: { userName: "ana" } }, ["ana"]],
  ["an application's user without any not at all", { type: "Customer", principalId: "c:7" }, []],
  ["a service not at all", { type: "AWSService", invokedBy: "ec2.amazonaws.com" }, []],
  ["nobody not at all", null, []],
])("names %s", (_, userIdentity, names) => {
  expect(attributeValues({ userIdentity }, "Username")).toEqual(names);
});

it("names the resources that a record lists, and those of well-known members, each once", () => {
  const fields = {
    eventSource: "ec2.amazonaws.com",
    resources: [{ ARN: "vpc-1", type: "AWS::EC2::VPC" }, null, { accountId: "111122223333" }],
    requestParameters: {
      vpcId: "vpc-1",
      instancesSet: { items: [{ instanceId: "i-1" }, { instanceId: "i-2" }] },
    },
    responseElements: { groupId: "sg-1" },
  };

  expect(attributeValues(fields, "ResourceName")).toEqual(["vpc-1", "i-1", "i-2", "sg-1"]);
  expect(attributeValues(fields, "ResourceType")).toEqual([
    "AWS::EC2::VPC",
    "AWS::EC2::Instance",
    "AWS::EC2::SecurityGroup",
  ]);
});

it("reads an application's event where its members are", () => {
  const eventData = {
    eventName: "Login",
    eventSource: "shop.example.com",
    userIdentity: { type: "IAMUser", userName: "x" },
  };
  const fields = { eventCategory: "ActivityAuditLog", eventID: "1", eventData };

  const read = (name: AttributeName) => attributeValues(fields, name);

  expect([read("EventName"), read("EventSource"), read("Username"), read("EventId")]).toEqual([
    ["Login"],
    ["shop.example.com"],
    ["x"],
    ["1"],
  ]);
});

describeWithCorpus("attributes of real records", () => {
  it.each(CORPUS_SOURCES)("are the same to the index and to a lookup (%s)", (source) => {
    for (const line of corpusLines("records", source)) {
      const fields = JSON.parse(line) as JsonObject;
      const all = eventAttributes(fields);
      for (const name of ATTRIBUTE_NAMES) {
        const indexed = [...new Set(all.filter((one) => one.name === name).map(({ value }) => value))];
        expect(attributeValues(fields, name)).toEqual(indexed);
      }
    }
  });
});
