import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { STACK_INVENTORY } from "../../cost/stack-inventory.ts";
import { type PackagedStack, packageStack } from "../support/packaged-stack.ts";

// Packaging takes some five seconds of a processor.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let stack: PackagedStack;

beforeAll(async () => {
  stack = await packageStack();
});

afterAll(() => stack.remove());

function countOf(type: string): number {
  return Object.values(stack.template.Resources).filter(({ Type }) => Type === type).length;
}

it("the cost model counts what the stack has with its default parameters", () => {
  expect(STACK_INVENTORY).toMatchObject({
    polledQueues: countOf("AWS::Lambda::EventSourceMapping"),
    alarms: countOf("AWS::CloudWatch::Alarm"),
    dashboards: countOf("AWS::CloudWatch::Dashboard"),
    secrets: countOf("AWS::SecretsManager::Secret"),
  });
});

it("the cost model has the schedules' rates", () => {
  const rates = Object.values(stack.template.Resources)
    .filter(
      ({ Type, Properties }) => Type === "AWS::Events::Rule" && Properties.ScheduleExpression !== undefined,
    )
    .map(({ Properties }) => secondsOf(String(Properties.ScheduleExpression)));

  expect(rates.sort()).toEqual(Object.values(STACK_INVENTORY.schedules).sort());
});

/** Seconds between two runs. */
function secondsOf(schedule: string): number {
  const [, minutes = ""] = /^rate\((\d+) minutes?\)$/.exec(schedule) ?? [];
  return Number(minutes) * 60;
}
