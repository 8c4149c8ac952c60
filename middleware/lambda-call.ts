import type { RoutedCall } from "./route.ts";
import { memberOf, textAt } from "./unknown-value.ts";

/** What of Lambda's context is used: any object will do. */
export interface LambdaContext {
  readonly awsRequestId?: string;
  readonly functionName?: string;
  readonly getRemainingTimeInMillis?: () => number;
}

/** What an event of API Gateway (REST and HTTP) or of a function URL says of a call. */
export interface LambdaCall extends RoutedCall {
  readonly sourceIPAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly requestID: string | undefined;
}

/** Reads what an event and its context say of a call. An event of another kind gives the request id alone. */
export function lambdaCall(event: unknown, context: LambdaContext | undefined): LambdaCall {
  const request = memberOf(event, "requestContext");
  const http = memberOf(request, "http");
  const identity = memberOf(request, "identity");
  return {
    method: textAt(http, "method") ?? textAt(event, "httpMethod"),
    resource: resourceOf(textAt(event, "routeKey") ?? textAt(event, "resource")),
    path: pathOf(textAt(event, "rawPath"), textAt(request, "stage")) ?? textAt(event, "path"),
    sourceIPAddress: textAt(http, "sourceIp") ?? textAt(identity, "sourceIp"),
    userAgent: textAt(http, "userAgent") ?? textAt(identity, "userAgent"),
    requestID: textAt(request, "requestId") ?? textAt(context, "awsRequestId"),
  };
}

/** HTTP APIs put a stage's name before the path, and routes have none. */
function pathOf(rawPath: string | undefined, stage: string | undefined): string | undefined {
  const prefix = `/${stage}/`;
  return rawPath?.startsWith(prefix) ? rawPath.slice(prefix.length - 1) : rawPath;
}

/** HTTP APIs have the method in the key: `POST /orders/{id}`; `$default` is no route. */
function resourceOf(route: string | undefined): string | undefined {
  const resource = route?.split(" ").at(-1);
  return resource === "$default" ? undefined : resource;
}
