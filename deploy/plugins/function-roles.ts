import type { FunctionSettings, Hooks, Serverless, Statement } from "./serverless.ts";

/**
 * Gives each function a role of its own. It may do what its `statements` in serverless.yml say, which is what its code
 * does, and what Lambda does for it: write its log, take messages from its queue, keep events that it failed on.
 *
 * The functions that leave out what the stack causes itself are told of all the roles.
 *
 * `{a,b}` in a statement's resource stands for as many resources, so that a parameter can name several; `{}` for none.
 */
export default class FunctionRoles {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    serverless.configSchemaHandler.defineFunctionProperties("aws", {
      properties: {
        statements: { type: "array", items: { type: "object", required: ["Action", "Resource"] } },
      },
    });
    this.hooks = { "before:package:setupProviderConfiguration": () => addRoles(serverless) };
  }
}

function addRoles(serverless: Serverless): void {
  const { naming } = serverless.getProvider("aws");
  const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
  const functions = Object.entries(serverless.service.functions);
  for (const [name, settings] of functions) {
    const id = `${naming.getLambdaLogicalId(name).replace(/LambdaFunction$/, "")}Role`;
    const statements = [
      ...(settings.statements ?? []).flatMap(expanded),
      ...statementsOfLambda(settings, naming.getLogGroupLogicalId(name)),
    ];
    Resources[id] = {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: {
          "Fn::Sub": `opentrail-${serverless.getProvider("aws").getStage()}-\${AWS::Region}-${name}`,
        },
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
          ],
        },
        Policies: [
          {
            PolicyName: name,
            PolicyDocument: {
              Version: "2012-10-17",
              Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
            },
          },
        ],
      },
    };
    // With a GetAtt the framework adds a DependsOn, which says the same again.
    settings.role = { "Fn::Sub": `\${${id}.Arn}` };
  }
  const roles = Object.keys(Resources).filter((id) => Resources[id]?.Type === "AWS::IAM::Role");
  const ownRoles = { "Fn::Join": [",", roles.map((id) => ({ "Fn::GetAtt": [id, "Arn"] }))] };
  for (const [, { environment }] of functions) {
    if (environment?.OPENTRAIL_OWN_ROLES === "") environment.OPENTRAIL_OWN_ROLES = ownRoles;
  }
}

/** What Lambda does with a function's role. */
function statementsOfLambda(
  { events = [], destinations }: FunctionSettings,
  logGroupId: string,
): readonly Statement[] {
  const queues = events.flatMap(({ sqs }) => (sqs === undefined ? [] : [sqs.arn]));
  return [
    {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: { "Fn::GetAtt": [logGroupId, "Arn"] },
    },
    ...queues.map((Resource) => ({
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      Resource,
    })),
    ...(destinations?.onFailure === undefined
      ? []
      : [{ Action: "sqs:SendMessage", Resource: destinations.onFailure.arn }]),
  ];
}

/** The statement with its braces expanded; none if no resource is left. */
function expanded(statement: Statement): readonly Statement[] {
  const resources: readonly unknown[] = [statement.Resource].flat();
  const Resource = resources.flatMap((resource): readonly unknown[] => {
    if (typeof resource === "string") return alternatives(resource);
    const sub = (resource as { readonly "Fn::Sub"?: unknown })["Fn::Sub"];
    return typeof sub === "string" ? alternatives(sub).map((text) => ({ "Fn::Sub": text })) : [resource];
  });
  return Resource.length === 0 ? [] : [{ ...statement, Resource }];
}

function alternatives(text: string): readonly string[] {
  const braces = /(?<!\$)\{([^}]*)\}/.exec(text);
  if (braces === null) return [text];
  const [all, list = ""] = braces;
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .flatMap((name) => alternatives(text.replace(all, () => name)));
}
