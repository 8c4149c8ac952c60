import { pageAnswers } from "./page-answers.ts";
import type { Serverless, Template } from "./serverless.ts";

/** Whether LocalStack answers there: nothing else has this page. */
export function isLocalStack(endpoint: string): Promise<boolean> {
  return pageAnswers(endpoint, "/_localstack/info");
}

/** Its CloudFormation hands a topic's attributes to SNS as they are, which takes texts alone. */
export function spellOutNumbers({ Resources }: Template): void {
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type === "AWS::SNS::Topic" && Properties.MaximumMessageSize !== undefined) {
      Properties.MaximumMessageSize = String(Properties.MaximumMessageSize);
    }
  }
}

/** It has no ECR without a license: `remove` need not look for container images, which the stack never has. */
export function skipImages({ pluginManager }: Serverless): void {
  for (const plugin of pluginManager.plugins) {
    if ("checkIfEcrRepositoryExists" in plugin) plugin.checkIfEcrRepositoryExists = async () => false;
  }
}
