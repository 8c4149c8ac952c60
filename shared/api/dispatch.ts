import { AwsError } from "../error/aws-error.ts";
import { readSignatureClaim } from "./credential-scope.ts";
import type { ApiRequest, ApiResponse, Caller, Service } from "./http.ts";
import { problem } from "./json-answer.ts";
import { ORGANIZATIONS_TARGET_PREFIX } from "./organizations-api.ts";
import { languageOf, notServed, OWN_PAGES, PUT_AUDIT_EVENTS, refusedCall } from "./refusal.ts";

/** The services behind a host's one endpoint. */
export interface Services {
  readonly cloudTrail: Service;
  readonly putAuditEvents: Service;
  readonly organizations: Service;
  readonly bulkRecords: Service;
  readonly imports: Service;
  readonly health: Service;
  readonly status: Service;
  readonly events: Service;
  readonly deadLetters: Service;
  readonly publicKeys: Service;
  /** What a host has where there is no AWS beside it. */
  readonly inPlaceOfAws?: InPlaceOfAws;
}

/** OpenTrail's parts of other AWS services. */
export interface InPlaceOfAws {
  readonly s3: Service;
  /** A refused signature in S3's own words. */
  readonly refuseS3: (error: AwsError, request: ApiRequest, requestId: string) => ApiResponse;
  readonly sns: Service;
  readonly sts: Service;
  /** A refused signature as SNS answers it, and all services of the query protocol. */
  readonly refuseSns: (error: AwsError, requestId: string) => ApiResponse;
  readonly logs: Service;
  readonly eventBridge: Service;
}

/** Tells who calls. @throws AwsError where the signature is refused */
export type Identify = (request: ApiRequest, peer: string) => Promise<Caller>;

/** Answers a request; `peer` is the client's address. */
export type Dispatch = (request: ApiRequest, peer: string, requestId: string) => Promise<ApiResponse>;

/**
 * Hands each request to its service, told apart by path, `X-Amz-Target` and the SigV4 credential scope. Health is
 * answered to anybody, and so are the links that SNS's messages carry.
 */
export function makeDispatch(services: Services, identify: Identify): Dispatch {
  return async (request, peer, requestId) => {
    try {
      const open = openService(request, services);
      const [service, caller] =
        open === undefined
          ? [serviceOf(request, services), await identify(request, peer)]
          : [open, { ...ANYBODY, sourceIPAddress: peer }];
      return await service(request, { ...caller, requestId });
    } catch (error) {
      if (error instanceof AwsError) {
        return refused(error, request, requestId, services);
      }
      throw error;
    }
  };
}

const HEALTH = "/_opentrail/health";

/**
 * The service that answers a request whoever sent it; undefined: its caller must be identified. What is open is decided
 * together with what serves it, so that no other service is reached by looking like it.
 */
function openService(request: ApiRequest, services: Services): Service | undefined {
  if (request.headers.authorization !== undefined) return undefined;
  if (request.path === HEALTH) return ownPage(HEALTH, request.method, services);
  return isSnsLink(request) ? services.inPlaceOfAws?.sns : undefined;
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
  if (scope === "cloudtrail") {
    return services.cloudTrail;
  }
  // Anonymous requests look like S3's: a browser or curl on an object's address.
  const { inPlaceOfAws } = services;
  if (inPlaceOfAws && scope === "sns") {
    return inPlaceOfAws.sns;
  }
  if (inPlaceOfAws && scope === "sts") {
    return inPlaceOfAws.sts;
  }
  return inPlaceOfAws && (scope === "s3" || scope === undefined)
    ? inPlaceOfAws.s3
    : missing(scope ?? "this", services);
}

/** Whether it is a link that an endpoint opens to confirm or end a subscription: it signs nothing. */
function isSnsLink({ method, path, query }: ApiRequest): boolean {
  const action = query.get("Action");
  return method === "GET" && path === "/" && (action === "ConfirmSubscription" || action === "Unsubscribe");
}

function ownPage(path: string, method: string, services: Services): Service {
  if (path === "/_opentrail/records") {
    return method === "POST" ? services.bulkRecords : wrongMethod("POST");
  }
  if (path === "/_opentrail/imports") {
    return method === "GET" || method === "POST" ? services.imports : wrongMethod("GET, POST");
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
  if (prefix === ORGANIZATIONS_TARGET_PREFIX) {
    return services.organizations;
  }
  const { inPlaceOfAws } = services;
  if (inPlaceOfAws && prefix === "AWSEvents") {
    return inPlaceOfAws.eventBridge;
  }
  return inPlaceOfAws && prefix === "Logs_20140328" ? inPlaceOfAws.logs : missing(prefix, services);
}

function wrongMethod(allowed: string): Service {
  return async ({ method, path }) =>
    problem(405, "MethodNotAllowed", `${method} is not answered at ${path}`, { allow: allowed });
}

function missing(service: string, { inPlaceOfAws }: Services): Service {
  const served = inPlaceOfAws
    ? "the CloudTrail API, PutAuditEvents, and parts of S3, SNS, CloudWatch Logs and EventBridge"
    : "the CloudTrail API and PutAuditEvents, and AWS has the rest";
  return async (request, caller) => notServed(service, served, request, caller.requestId);
}

function refused(
  error: AwsError,
  request: ApiRequest,
  requestId: string,
  { inPlaceOfAws }: Services,
): ApiResponse {
  const language = languageOf(request);
  if (inPlaceOfAws && language === undefined && isForm(request)) {
    return inPlaceOfAws.refuseSns(error, requestId);
  }
  return inPlaceOfAws && language === undefined
    ? inPlaceOfAws.refuseS3(error, request, requestId)
    : refusedCall(language ?? "rest-json", error, requestId);
}

/** Whether it is a call of the AWS query protocol. */
function isForm({ headers }: ApiRequest): boolean {
  return headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
}
