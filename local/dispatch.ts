import { AwsError } from "../shared/api/aws-error.ts";
import { errorResponse } from "../shared/api/aws-json.ts";
import { readSignatureClaim } from "../shared/api/credential-scope.ts";
import { commonError } from "../shared/api/errors.ts";
import type { ApiRequest, ApiResponse, Caller, Service } from "../shared/api/http.ts";
import { problem } from "./json-answer.ts";

/** The services behind the one port. */
export interface Services {
  readonly cloudTrail: Service;
  readonly putAuditEvents: Service;
  readonly s3: Service;
  readonly logs: Service;
  readonly bulkRecords: Service;
  readonly health: Service;
  readonly status: Service;
  readonly deadLetters: Service;
}

/** Tells who calls. @throws AwsError where the signature is refused */
export type Identify = (request: ApiRequest, peer: string) => Caller;

/**
 * Hands each request to its service, told apart by path, `X-Amz-Target` and the SigV4 credential scope. Health is
 * answered to anybody.
 */
export function makeDispatch(services: Services, identify: Identify) {
  return async (request: ApiRequest, peer: string, requestId: string): Promise<ApiResponse> => {
    try {
      const caller = { ...callerOf(request, peer, identify), requestId };
      return await serviceOf(request, services)(request, caller);
    } catch (error) {
      if (error instanceof AwsError) {
        return refusal(request, error, requestId);
      }
      throw error;
    }
  };
}

const HEALTH = "/_opentrail/health";

function callerOf(request: ApiRequest, peer: string, identify: Identify): Caller {
  return request.path === HEALTH && request.headers.authorization === undefined
    ? { ...ANYBODY, sourceIPAddress: peer }
    : identify(request, peer);
}

const ANYBODY: Caller = {
  accountId: "",
  region: "",
  userIdentity: {},
  sourceIPAddress: "",
  userAgent: "",
  requestId: "",
  mayImport: false,
};

function serviceOf(request: ApiRequest, services: Services): Service {
  const { path, method } = request;
  if (path.startsWith("/_opentrail/")) {
    return ownPage(path, method, services);
  }
  const target = request.headers["x-amz-target"];
  if (target !== undefined) {
    return serviceOfTarget(target, services);
  }
  const scope = readSignatureClaim(request)?.service;
  if (scope === "cloudtrail-data" || path === "/PutAuditEvents") {
    return services.putAuditEvents;
  }
  // Anonymous requests look like S3's: a browser or curl on an object's address.
  return scope === "s3" || scope === undefined ? services.s3 : notServed(scope);
}

function ownPage(path: string, method: string, services: Services): Service {
  if (path === "/_opentrail/records") {
    return method === "POST" ? services.bulkRecords : wrongMethod("POST");
  }
  if (path === HEALTH) {
    return method === "GET" || method === "HEAD" ? services.health : wrongMethod("GET, HEAD");
  }
  if (path === "/_opentrail/status") {
    return method === "GET" ? services.status : wrongMethod("GET");
  }
  if (path === "/_opentrail/dead-letters" || path.startsWith("/_opentrail/dead-letters/")) {
    return services.deadLetters;
  }
  return async () => problem(404, "NotFound", `There is no page ${path}`);
}

function serviceOfTarget(target: string, services: Services): Service {
  const [prefix = ""] = target.split(/\.(?=[^.]*$)/);
  if (prefix.endsWith("CloudTrail_20131101")) {
    return services.cloudTrail;
  }
  return prefix === "Logs_20140328" ? services.logs : notServed(prefix);
}

function wrongMethod(allowed: string): Service {
  return async ({ method, path }) =>
    problem(405, "MethodNotAllowed", `${method} is not answered at ${path}`, { allow: allowed });
}

function notServed(service: string): Service {
  return async (_request, caller) => {
    const message = `OpenTrail does not serve ${service}: it has the CloudTrail API, PutAuditEvents, and parts of S3 and CloudWatch Logs.`;
    return {
      ...errorResponse(commonError("UnknownOperationException", message), caller.requestId),
      status: 501,
    };
  };
}

/** A refused signature is told in the language of the API that was asked. */
function refusal(request: ApiRequest, error: AwsError, requestId: string): ApiResponse {
  return request.path.startsWith("/_opentrail/")
    ? problem(403, error.code, error.message)
    : errorResponse(error, requestId);
}
