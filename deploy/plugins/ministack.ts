import { pageAnswers } from "./page-answers.ts";
import type { Template } from "./serverless.ts";

/** Whether MiniStack answers there, which alone has this page. */
export function isMiniStack(endpoint: string): Promise<boolean> {
  return pageAnswers(endpoint, "/_ministack/health");
}

/**
 * Names the endpoint's function URL as it can be reached: MiniStack calls it `https://<id>.lambda-url.<region>.on.aws/`,
 * and serves `<MiniStack>/_aws/lambda-url/<id>/`. Clients sign for that address, so the function must know it too.
 */
export function nameFunctionUrl({ Resources, Outputs }: Template, endpoint: string): void {
  const folder = `${endpoint.replace(/\/$/, "")}/_aws/lambda-url/`;
  const named = { "Fn::GetAtt": ["EndpointLambdaFunctionUrl", "FunctionUrl"] };
  const host = { "Fn::Select": [1, { "Fn::Split": ["//", named] }] };
  const id = { "Fn::Select": [0, { "Fn::Split": [".", host] }] };
  const reachable = { "Fn::Join": ["", [folder, id, "/"]] };
  for (const { Type, Properties } of Object.values(Resources)) {
    if (Type !== "AWS::Lambda::Function") continue;
    const { Variables: variables } = Properties.Environment as { Variables: Record<string, unknown> };
    if ("OPENTRAIL_PUBLIC_URL" in variables) variables.OPENTRAIL_PUBLIC_URL = `${folder}{id}`;
    if ("AWS_ENDPOINT_URL_CLOUDTRAIL" in variables) variables.AWS_ENDPOINT_URL_CLOUDTRAIL = reachable;
  }
  for (const output of ["EndpointUrl", "EndpointLambdaFunctionUrl"]) {
    Outputs[output] = { ...Outputs[output], Value: reachable };
  }
}
