import { expect, test } from "vitest";
import { MemoryMetrics } from "../../../shared/adapters/memory/metrics.ts";
import { composeEndpoint } from "../../../shared/compose/endpoint.ts";
import { Environment, InvalidEnvironment } from "../../../shared/compose/environment.ts";

const VARIABLES = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "example",
  OPENTRAIL_TRAILS_TABLE: "trails",
  OPENTRAIL_SETTINGS_TABLE: "settings",
  OPENTRAIL_DIGESTS_TABLE: "digests",
  OPENTRAIL_DELIVERY_STATUS_TABLE: "delivery-status",
  OPENTRAIL_HISTORY_TABLE: "history",
  OPENTRAIL_IMPORTS_TABLE: "imports",
  OPENTRAIL_BLOCKS_BUCKET: "blocks",
  OPENTRAIL_TOPIC_ARN: "arn:aws:sns:us-east-1:111122223333:activity",
  OPENTRAIL_CREDENTIALS_SECRET: "keys",
};

const compose = (changes: Record<string, string>) =>
  composeEndpoint(new Environment({ ...VARIABLES, ...changes }), new MemoryMetrics());

test("the endpoint is composed from its environment, before any call", () => {
  expect(compose({})).toBeTypeOf("function");
  expect(compose({ OPENTRAIL_PUBLIC_URL: "http://127.0.0.1:4566/_aws/lambda-url/{id}" })).toBeTypeOf(
    "function",
  );
});

test.each([
  ["OPENTRAIL_PUBLIC_URL", "trail.example.com"],
  ["OPENTRAIL_ORGANIZATION", "o-exampleorgid"],
  ["OPENTRAIL_QUEUES", "history"],
  ["OPENTRAIL_CREDENTIALS_SECRET", ""],
])("a setting that cannot be right is refused by its name: %s", (name, value) => {
  expect(() => compose({ [name]: value })).toThrow(InvalidEnvironment);
  expect(() => compose({ [name]: value })).toThrow(name);
});
