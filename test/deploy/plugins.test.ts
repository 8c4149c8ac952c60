import { afterEach, describe, expect, it, vi } from "vitest";
import EmulatorBridge from "../../deploy/plugins/emulator-bridge.ts";
import { nameFunctionUrl } from "../../deploy/plugins/ministack.ts";
import { faults, stageFaults } from "../../deploy/plugins/parameters.ts";
import type { Serverless, Template } from "../../deploy/plugins/serverless.ts";
import { TemplateValues } from "../support/template-values.ts";

afterEach(() => vi.unstubAllEnvs());

describe("parameters", () => {
  it.each([
    ["logFilesWindow", "0", "logFilesWindow is 0: it must be a whole number from 1 to 300."],
    ["logFilesWindow", "1.5", "logFilesWindow is 1.5: it must be a whole number from 1 to 300."],
    ["historyConcurrency", "1", "historyConcurrency is 1: it must be a whole number from 2 to 1000."],
    ["restartAwsTrails", "yes", "restartAwsTrails is yes: it must be one of on, off."],
    ["defaultBusSource", "", "defaultBusSource is not given."],
    [
      "collectorAccounts",
      "*",
      "collectorAccounts is *: it must be account ids of 12 digits with a comma between two.",
    ],
    [
      "collectorAccounts",
      "444455556666,",
      "collectorAccounts is 444455556666,: it must be account ids of 12 digits with a comma between two.",
    ],
    [
      "organization",
      '{"id":"ou-1"}',
      'organization is {"id":"ou-1"}: id must be o- and 10 to 32 letters and digits.',
    ],
    [
      "endpointConcurrency",
      "0",
      "endpointConcurrency is 0: it must be empty or a whole number from 1 to 99999.",
    ],
    ["publicUrl", "trail.example.com", "publicUrl is trail.example.com: it must be a URL."],
  ])("%s may not be %s", (name, value, fault) => {
    expect(faults({ [name]: value })).toEqual([fault]);
  });

  it("a stage's name may have 13 characters, so that the longest role's name has its 64", () => {
    const role = "opentrail-abcdefghijklm-ap-southeast-2-restart-stopped-trail-aws";

    expect(role).toHaveLength(64);
    expect(stageFaults("abcdefghijklm")).toEqual([]);
    expect(stageFaults("abcdefghijklmn")).toEqual([
      "The stage abcdefghijklmn has 14 characters: 13 is the most.",
    ]);
  });

  it.each([
    ["collectorAccounts", ""],
    ["collectorAccounts", "444455556666, 123456789012"],
    ["organization", ""],
    ["organization", '{"id":"o-a1b2c3d4e5","managementAccountId":"111122223333"}'],
    ["endpointConcurrency", ""],
    ["endpointConcurrency", "50"],
    ["publicUrl", ""],
    ["publicUrl", "https://{id}.example.com/trail"],
  ])("%s may be %j", (name, value) => {
    expect(faults({ [name]: value })).toEqual([]);
  });

  it("those that no deployment can do without are asked for", () => {
    expect(faults({ homeRegion: "" })).toEqual(["homeRegion is not given."]);
    expect(faults({ homeAccount: "other", homeRoleArn: "" })).toEqual([
      "homeRoleArn is not given: a home in another account needs it.",
    ]);
  });
});

describe("the emulators' bridge", () => {
  const made = () => new EmulatorBridge({} as Serverless, {}, { log: { notice: vi.fn(), warning: vi.fn() } });

  it("does nothing where no emulator is named", () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "");

    expect(made().hooks).toEqual({});
  });

  it("has steps where one is", () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");

    expect(Object.keys(made().hooks)).not.toEqual([]);
  });

  it("names the function URL as MiniStack serves it, for clients and for the function", () => {
    const named = { "Fn::GetAtt": ["EndpointLambdaFunctionUrl", "FunctionUrl"] };
    const lambda = (Variables: Record<string, unknown>) => ({
      Type: "AWS::Lambda::Function",
      Properties: { Environment: { Variables } },
    });
    const template: Template = {
      Resources: {
        Endpoint: lambda({ OPENTRAIL_PUBLIC_URL: "" }),
        Remediation: lambda({ AWS_ENDPOINT_URL_CLOUDTRAIL: named }),
      },
      Outputs: { EndpointUrl: { Value: named }, EndpointLambdaFunctionUrl: { Value: named } },
    };

    nameFunctionUrl(template, "http://127.0.0.1:4566");

    const values = new TemplateValues(template, { accountId: "111122223333", region: "us-east-1" });
    const url = "http://127.0.0.1:4566/_aws/lambda-url/endpointlambdafunctionurl/";
    expect(values.value(template)).toMatchObject({
      Resources: {
        Endpoint: {
          Properties: {
            Environment: {
              Variables: { OPENTRAIL_PUBLIC_URL: "http://127.0.0.1:4566/_aws/lambda-url/{id}" },
            },
          },
        },
        Remediation: { Properties: { Environment: { Variables: { AWS_ENDPOINT_URL_CLOUDTRAIL: url } } } },
      },
      Outputs: { EndpointUrl: { Value: url }, EndpointLambdaFunctionUrl: { Value: url } },
    });
  });

  describe("before LocalStack", () => {
    const template: Template = {
      Resources: {
        Topic: { Type: "AWS::SNS::Topic", Properties: { MaximumMessageSize: 262_144 } },
        Plain: { Type: "AWS::SNS::Topic", Properties: {} },
      },
      Outputs: {},
    };
    const remover = { checkIfEcrRepositoryExists: async () => true };

    function bridged(answers: (path: string) => boolean) {
      vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
      vi.stubGlobal(
        "fetch",
        async (url: URL) => new Response(null, { status: answers(url.pathname) ? 200 : 404 }),
      );
      const provider = {
        deploymentMethod: "direct",
        compiledCloudFormationTemplate: structuredClone(template),
      };
      const plugins: Partial<typeof remover>[] = [{}, { ...remover }];
      const serverless = { service: { provider }, pluginManager: { plugins } };
      const { hooks } = new EmulatorBridge(
        serverless as unknown as Serverless,
        {},
        { log: { notice: vi.fn(), warning: vi.fn() } },
      );
      return { serverless, hooks };
    }

    afterEach(() => vi.unstubAllGlobals());

    it("spells out topics' numbers, deploys by change sets, and does not look for images when it removes", async () => {
      const { serverless, hooks } = bridged((path) => path.startsWith("/_localstack/"));

      await hooks["after:aws:package:finalize:mergeCustomProviderResources"]?.();
      await hooks["before:deploy:deploy"]?.();
      await hooks["before:remove:remove"]?.();

      const { provider } = serverless.service;
      expect(provider.compiledCloudFormationTemplate.Resources.Topic?.Properties.MaximumMessageSize).toBe(
        "262144",
      );
      expect(provider.compiledCloudFormationTemplate.Resources.Plain?.Properties).toEqual({});
      expect(provider.deploymentMethod).toBe("changesets");
      expect(await serverless.pluginManager.plugins[1]?.checkIfEcrRepositoryExists?.()).toBe(false);
    });

    it("does none of it before another emulator", async () => {
      const { serverless, hooks } = bridged(() => false);

      await hooks["after:aws:package:finalize:mergeCustomProviderResources"]?.();
      await hooks["before:deploy:deploy"]?.();
      await hooks["before:remove:remove"]?.();

      expect(serverless.service.provider).toEqual({
        deploymentMethod: "direct",
        compiledCloudFormationTemplate: template,
      });
      expect(await serverless.pluginManager.plugins[1]?.checkIfEcrRepositoryExists?.()).toBe(true);
    });
  });
});
