import { describe, expect, it } from "vitest";
import { composeEventBus } from "../../../shared/compose/deliveries.ts";
import { Environment, InvalidEnvironment } from "../../../shared/compose/environment.ts";
import { composeSweep } from "../../../shared/compose/log-files.ts";

describe("a function's environment", () => {
  it.each([[{}], [{ OPENTRAIL_LEDGER_TABLE: "" }]])(
    "a variable that is missing is named, with what it is for: %j",
    (variables) => {
      const compose = () => composeSweep(new Environment(variables));

      expect(compose).toThrow(InvalidEnvironment);
      expect(compose).toThrow("OPENTRAIL_LEDGER_TABLE is not set: name of the DynamoDB table of the ledger");
    },
  );

  it.each(["0", "10", "six", "1.5", " "])(
    "a number that is none, or out of bounds, is refused: %j",
    (text) => {
      const environment = new Environment({ OPENTRAIL_GZIP_LEVEL: text });

      expect(() => environment.integer("OPENTRAIL_GZIP_LEVEL", 1, 9, 6)).toThrow(InvalidEnvironment);
    },
  );

  it("what is absent has its default", () => {
    const environment = new Environment({});

    expect(environment.integer("OPENTRAIL_GZIP_LEVEL", 1, 9, 6)).toBe(6);
    expect(environment.flag("OPENTRAIL_SEND_READ_ONLY_API_CALLS", false)).toBe(false);
    expect(environment.list("OPENTRAIL_OWN_ROLES")).toEqual([]);
  });

  it("a flag is true or false and nothing else", () => {
    const environment = new Environment({ OPENTRAIL_SEND_READ_ONLY_API_CALLS: "yes" });

    expect(() => environment.flag("OPENTRAIL_SEND_READ_ONLY_API_CALLS", false)).toThrow(InvalidEnvironment);
  });

  it("a list has its values without the space around them", () => {
    const environment = new Environment({ OPENTRAIL_OWN_ROLES: "arn:a, arn:b,," });

    expect(environment.list("OPENTRAIL_OWN_ROLES")).toEqual(["arn:a", "arn:b"]);
  });

  it.each(["default", "arn:aws:events:us-east-1:111122223333:event-bus/default"])(
    "emission to the default bus is refused where that is not said to be a destination: %s",
    (OPENTRAIL_EVENT_BUS) => {
      const variables = { OPENTRAIL_EVENT_BUS, OPENTRAIL_BLOCKS_BUCKET: "blocks" };
      const source = { ...variables, OPENTRAIL_DEFAULT_BUS: "source" };
      const destination = { ...variables, OPENTRAIL_DEFAULT_BUS: "destination" };

      expect(() => composeEventBus(new Environment(variables))).toThrow(InvalidEnvironment);
      expect(() => composeEventBus(new Environment(source))).toThrow(InvalidEnvironment);
      expect(() => composeEventBus(new Environment(destination))).not.toThrow();
    },
  );
});
