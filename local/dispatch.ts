import { AwsError } from "../shared/api/aws-error.ts";
import { readSignatureClaim } from "../shared/api/credential-scope.ts";
import type { ApiRequest, ApiResponse, Caller, Service } from "../shared/api/http.ts";
import { problem } from "./json-answer.ts";
import { ORGANIZATIONS_TARGET_PREFIX } from "./organizations-api.ts";
import { type Language, notServed, refusedSignature } from "./refusal.ts";

/** The services behind the one port. */
export interface Services {
  readonly cloudTrail: Service;
  readonly putAuditEvents: Service;
  readonly s3: Service;
  readonly logs: Service;
  readonly eventBridge: Service;
  readonly organizations: Service;
  readonly bulkRecords: Service;
  readonly health: Service;
  readonly status: Service;
  readonly events: Service;
  readonly deadLetters: Service;
  readonly publicKeys: Service;
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
        return refusedSignature(languageOf(request), error, request, requestId);
      }
      throw error;
    }
  };
}

const OWN_PAGES = "/_opentrail/";
const HEALTH = "/_opentrail/health";
const PUT_AUDIT_EVENTS = "/PutAuditEvents";

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
  if (path.startsWith(OWN_PAGES)) {
    return ownPage(path, method, services);
  }
  const target = request.headers["x-amz-target"];
  if (target !== undefined) {
    return serviceOfTarget(target, services);
  }
  const scope = readSignatureClaim(request)?.service;
  if (scope === "cloudtrail-data" || path === PUT_AUDIT_EVENTS) {
    return services.putAuditEvents;
  }
  // Anonymous requests look like S3's: a browser or curl on an object's address.
  return scope === "s3" || scope === undefined ? services.s3 : missing(scope);
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
  if (path === "/_opentrail/events") {
    return method === "GET" ? services.events : wrongMethod("GET");
  }
  if (path === "/_opentrail/dead-letters" || path.startsWith("/_opentrail/dead-letters/")) {
    return services.deadLetters;
  }
  if (path === "/_opentrail/public-keys" || path === "/_opentrail/public-keys/rotate") {
    return services.publicKeys;
  }
  return async () => problem(404, "NotFound", `There is no page ${path}`);
}

function serviceOfTarget(target: string, services: Services): Service {
  const [prefix = ""] = target.split(/\.(?=[^.]*$)/);
  if (prefix.endsWith("CloudTrail_20131101")) {
    return services.cloudTrail;
  }
  if (prefix === "AWSEvents") {
    return services.eventBridge;
  }
  if (prefix === ORGANIZATIONS_TARGET_PREFIX) {
    return services.organizations;
  }
  return prefix === "Logs_20140328" ? services.logs : missing(prefix);
}

function wrongMethod(allowed: string): Service {
  return async ({ method, path }) =>
    problem(405, "MethodNotAllowed", `${method} is not answered at ${path}`, { allow: allowed });
}

function missing(service: string): Service {
  return async (request, caller) => notServed(service, request, caller.requestId);
}

/** What the client of a request reads, also where the signature cannot be read. */
function languageOf(request: ApiRequest): Language {
  if (request.path.startsWith(OWN_PAGES)) {
    return "own-page";
  }
  if (request.headers["x-amz-target"] !== undefined) {
    return "aws-json";
  }
  return request.path === PUT_AUDIT_EVENTS ? "rest-json" : "s3";
}
