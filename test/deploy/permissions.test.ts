import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Resource } from "../../deploy/plugins/serverless.ts";
import { bundleFunction } from "../../scripts/function-bundles.ts";
import { DeployedStack } from "../support/deployed-stack.ts";
import { type AllowStatement, allows, type IamRequest } from "../support/iam-policy.ts";
import { iamRequests, KnownKeys } from "../support/iam-requests.ts";
import { describeWithMoto } from "../support/moto.ts";
import { type PackagedStack, packageStack } from "../support/packaged-stack.ts";
import { type SdkCall, SdkCallRecorder } from "../support/sdk-calls.ts";
import { FUNCTION_USES, prepare } from "./function-uses.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });

const FUNCTIONS = path.join(import.meta.dirname, "../../functions");

const NAMES = Object.keys(FUNCTION_USES);

/** What only other hosts, or other uses of the same code, are told. */
const TOLD_ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  // A local host gives the secret itself; and on OpenTrail's trails the endpoint names the role.
  "restart-stopped-trail": ["OPENTRAIL_REMEDIATION_SECRET", "OPENTRAIL_REMEDIATION_ROLE"],
  // On AWS's own trails remediations have a role and no secret.
  "restart-stopped-trail-aws": ["OPENTRAIL_REMEDIATION_SECRET", "OPENTRAIL_REMEDIATION_SECRET_ID"],
};

/** What is known of a function after its uses. */
interface Used {
  readonly operations: ReadonlySet<string>;
  readonly requests: readonly IamRequest[];
  /** Names of variables. */
  readonly read: ReadonlySet<string>;
}

describeWithMoto("what the stack's functions may do and are told", (config) => {
  const usedBy = new Map<string, Used>();
  const realEnvironment = process.env;
  let packaged: PackagedStack;
  let stack: DeployedStack;

  beforeAll(async () => {
    packaged = await packageStack("prod", {
      restartAwsTrails: "on",
      trailBuckets: "other-*",
      sourceBuckets: "source-logs",
      maxMessageBytes: "1024",
    });
    stack = new DeployedStack(packaged.template, config());
    const recorder = new SdkCallRecorder();
    const keys = new KnownKeys();
    const learn = (): readonly SdkCall[] => keys.learn(recorder.take());
    vi.useFakeTimers({ toFake: ["Date"] });
    await stack.deploy();
    await prepare({ stack, config: config(), recorder });
    for (const [name, use] of Object.entries(FUNCTION_USES)) {
      const { handler, read } = await load(name);
      const calls: SdkCall[] = [];
      const recorded = async (event: unknown, context: unknown): Promise<unknown> => {
        learn();
        try {
          return await handler(event, context);
        } finally {
          calls.push(...learn());
        }
      };
      await use(recorded, { stack, config: config(), recorder });
      // The CloudTrail API that this one calls is OpenTrail's own.
      const ofAws =
        name === "restart-stopped-trail" ? calls.filter(({ service }) => service !== "cloudtrail") : calls;
      usedBy.set(name, {
        operations: new Set(calls.map(({ operation }) => operation)),
        requests: ofAws.flatMap((call) => iamRequests(call, keys, stack)),
        read,
      });
    }
    process.env = realEnvironment;
  });

  afterAll(() => {
    process.env = realEnvironment;
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    packaged?.remove();
  });

  /** Loads a function as Lambda would: its module by itself, with its own environment, whose reads are noted. */
  async function load(name: string) {
    const variables = stack.environmentOf(functionOf(name));
    const { endpoint, region, credentials } = config();
    process.env = realEnvironment;
    vi.unstubAllEnvs();
    vi.resetModules();
    const environment = {
      ...variables,
      ...("AWS_ENDPOINT_URL_CLOUDTRAIL" in variables && { AWS_ENDPOINT_URL_CLOUDTRAIL: endpoint }),
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
    };
    for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
    const read = new Set<string>();
    process.env = new Proxy(realEnvironment, {
      get(target, variable) {
        if (typeof variable === "string" && variable.startsWith("OPENTRAIL_")) read.add(variable);
        return Reflect.get(target, variable);
      },
    });
    const { handler } = await import(path.join(FUNCTIONS, `${moduleOf(functionOf(name))}.ts`));
    return { handler, read };
  }

  function functionOf(name: string): Resource {
    const found = Object.values(packaged.template.Resources).find(
      ({ Type, Properties }) =>
        Type === "AWS::Lambda::Function" && Properties.FunctionName === `opentrail-prod-${name}`,
    );
    if (found === undefined) throw new Error(`The template has no function ${name}`);
    return found;
  }

  /** The statements of a function's role, but for what Lambda does with it. */
  function statementsOf(name: string): readonly AllowStatement[] {
    const { "Fn::Sub": role } = functionOf(name).Properties.Role as { readonly "Fn::Sub": string };
    const id = role.slice("${".length, -".Arn}".length);
    const [policy] = stack.values.value(packaged.template.Resources[id]?.Properties.Policies) as readonly {
      readonly PolicyDocument: { readonly Statement: readonly AllowStatement[] };
    }[];
    return policy?.PolicyDocument.Statement ?? [];
  }

  it("every function is used", () => {
    const names = Object.values(packaged.template.Resources)
      .filter(({ Type }) => Type === "AWS::Lambda::Function")
      .map(({ Properties }) => String(Properties.FunctionName).slice("opentrail-prod-".length));

    expect(NAMES.toSorted()).toEqual(names.sort());
  });

  it("the uses make functions send every operation that they have code for", async () => {
    const sent = new Set([...usedBy.values()].flatMap(({ operations }) => [...operations]));

    const inCode = await operationsOf(NAMES.map((name) => moduleOf(functionOf(name))));

    expect(inCode).toContain("TransactWriteItems");
    expect(inCode.filter((operation) => !sent.has(operation))).toEqual([]);
  });

  describe.each(NAMES)("%s", (name) => {
    it("is allowed every call that it makes", () => {
      const refused = usedBy
        .get(name)
        ?.requests.filter((request) => !statementsOf(name).some((statement) => allows(statement, request)));

      expect(refused).toEqual([]);
    });

    it("is allowed nothing that it does not do", () => {
      const { requests = [] } = usedBy.get(name) ?? {};
      const unused = statementsOf(name).flatMap((statement) =>
        [statement.Action]
          .flat()
          .filter((Action) => !requests.some((request) => allows({ ...statement, Action }, request)))
          .map((action) => `${action} on ${statement.Resource}`),
      );

      expect(unused).toEqual(ofLambda(name));
    });

    it("is told all that it reads, and nothing else", () => {
      const told = Object.keys(stack.environmentOf(functionOf(name))).filter((variable) =>
        variable.startsWith("OPENTRAIL_"),
      );

      expect([...(usedBy.get(name)?.read ?? [])].sort()).toEqual(
        [...told, ...(TOLD_ELSEWHERE[name] ?? [])].sort(),
      );
    });
  });

  /** What Lambda does with a function's role, by the template: its log, its queue, where failed events go. */
  function ofLambda(name: string): readonly string[] {
    const { values } = stack;
    const { Resources } = packaged.template;
    const ofFunction = (type: string) =>
      Object.values(Resources).filter(
        ({ Type, Properties }) =>
          Type === type && Resources[referenced(Properties.FunctionName)] === functionOf(name),
      );
    const group = `arn:aws:logs:us-east-1:${stack.at.accountId}:log-group:/aws/lambda/opentrail-prod-${name}:*`;
    const queues = ofFunction("AWS::Lambda::EventSourceMapping").map(({ Properties }) =>
      values.text(Properties.EventSourceArn),
    );
    const failed = ofFunction("AWS::Lambda::EventInvokeConfig").flatMap(({ Properties }) => {
      const { OnFailure } = Properties.DestinationConfig as { OnFailure?: { Destination: unknown } };
      return OnFailure === undefined ? [] : [values.text(OnFailure.Destination)];
    });
    return [
      ...["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => `${action} on ${group}`),
      ...queues.flatMap((queue) =>
        ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"].map(
          (action) => `${action} on ${queue}`,
        ),
      ),
      ...failed.map((queue) => `sqs:SendMessage on ${queue}`),
    ];
  }
});

/** `deliver/log-files` of the handler `deliver/log-files.handler`. */
function moduleOf({ Properties }: Resource): string {
  return String(Properties.Handler).split(".")[0] ?? "";
}

/** The operations that functions have code to send, once what is not used is left out of their bundles. */
async function operationsOf(modules: readonly string[]): Promise<readonly string[]> {
  const bundles = await Promise.all(modules.map((module) => bundleFunction(module, { minify: false })));
  const files = bundles.flatMap(({ files }) => files);
  const sent = files.flatMap(({ code }) => [...code.matchAll(/new (?:\w+\.)?(\w+)Command\(/g)]);
  return [...new Set(sent.map(([, operation = ""]) => operation))].sort();
}

/** The logical id in a `Ref` or a `Fn::GetAtt`. */
function referenced(reference: unknown): string {
  const { Ref, "Fn::GetAtt": attribute } = reference as { Ref?: string; "Fn::GetAtt"?: [string, string] };
  return Ref ?? attribute?.[0] ?? "";
}
