import type { Hooks, Serverless, Template } from "./serverless.ts";

/**
 * Makes the role that collectors in other accounts publish with, where the parameter `collectorAccounts` names accounts.
 * Collectors in the stack's own account have rights of their own: docs/sources.md.
 */
export default class CollectorRole {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    const { service } = serverless;
    this.hooks = {
      "before:package:setupProviderConfiguration": () => {
        const accounts = String(service.custom.parameters.collectorAccounts)
          .split(",")
          .map((account) => account.trim())
          .filter((account) => account !== "");
        if (accounts.length === 0) return;
        const stage = serverless.getProvider("aws").getStage();
        addRole(service.provider.compiledCloudFormationTemplate, stage, accounts);
      },
    };
  }
}

function addRole({ Resources, Outputs }: Template, stage: string, accounts: readonly string[]): void {
  Resources.CollectorRole = {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: { "Fn::Sub": `opentrail-${stage}-\${AWS::Region}-collector` },
      Description: "What collectors in other accounts publish with",
      AssumeRolePolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { AWS: accounts },
            // The collectors' roles in those accounts, not everybody whom these let assume roles.
            Condition: {
              ArnLike: {
                "aws:PrincipalArn": {
                  "Fn::Sub": `arn:\${AWS::Partition}:iam::*:role/opentrail-${stage}-*-collect-activity-events`,
                },
              },
            },
          },
        ],
      },
      Policies: [{ PolicyName: "collect", PolicyDocument: { Version: "2012-10-17", Statement: STATEMENTS } }],
    },
  };
  Outputs.CollectorRoleArn = {
    Description: "The role of collectors in other accounts",
    Value: { "Fn::GetAtt": ["CollectorRole", "Arn"] },
  };
}

const STATEMENTS = [
  {
    Effect: "Allow",
    Action: ["dynamodb:GetItem", "dynamodb:Query"],
    Resource: { "Fn::GetAtt": ["TrailsTable", "Arn"] },
  },
  { Effect: "Allow", Action: "sns:Publish", Resource: { Ref: "ActivityTopic" } },
  { Effect: "Allow", Action: "s3:PutObject", Resource: { "Fn::Sub": `\${BlocksBucket.Arn}/blocks/*` } },
];
