import { CloudFormationClient, paginateListStackResources } from "@aws-sdk/client-cloudformation";
import type { AwsProvider } from "./serverless.ts";

/** Resources of the deployed stack: physical names by logical id. @throws CloudFormation's error if there is no stack */
export async function stackResources(provider: AwsProvider): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient(await provider.getAwsSdkV3Config());
  const names = new Map<string, string>();
  const pages = paginateListStackResources({ client }, { StackName: provider.naming.getStackName() });
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const { LogicalResourceId: id = "", PhysicalResourceId: name = "" } of StackResourceSummaries) {
      names.set(id, name);
    }
  }
  return names;
}
