import { toAwsError } from "../../shared/api/errors.ts";
import type { ApiRequest, ApiResponse, Service } from "../../shared/api/http.ts";
import { validationMessage, violationsOf } from "../../shared/api/validate.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import type { TopicStore } from "../../shared/ports/topic-store.ts";
import { TopicRefusal } from "../../shared/ports/topics.ts";
import { type QueryAnswers, queryErrorResponse, queryResponse } from "../query-answer.ts";
import { readQueryInput } from "../query-input.ts";
import { invalidParameter, type SnsOperation } from "./call.ts";
import { SNS_MODEL, type SnsInputs } from "./model.ts";
import { publish } from "./publish.ts";
import {
  confirmSubscription,
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  subscribe,
  unsubscribe,
} from "./subscription-operations.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag-operations.ts";
import {
  createTopic,
  deleteTopic,
  getTopicAttributes,
  listTopics,
  setTopicAttributes,
} from "./topic-operations.ts";

/** What the SNS API works on. */
export interface SnsApiParts {
  readonly topics: TopicStore;
  /** Told of what callers are not: the cause of an InternalFailure. */
  readonly reportFailure: (error: unknown) => void;
}

const OPERATIONS: { readonly [Name in keyof SnsInputs]: SnsOperation<Name> } = {
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  ListTopics: listTopics,
  GetTopicAttributes: getTopicAttributes,
  SetTopicAttributes: setTopicAttributes,
  Subscribe: subscribe,
  ConfirmSubscription: confirmSubscription,
  Unsubscribe: unsubscribe,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  SetSubscriptionAttributes: setSubscriptionAttributes,
  Publish: publish,
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
};

/** How SNS answers. */
const SNS_ANSWERS: QueryAnswers = {
  namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  statuses: {
    AuthorizationError: 403,
    NotFound: 404,
    ResourceNotFound: 404,
    InternalFailure: 500,
    ServiceUnavailable: 503,
    IncompleteSignature: 400,
    InvalidClientTokenId: 403,
    SignatureDoesNotMatch: 403,
    MissingAuthenticationToken: 403,
  },
};

/** A message has up to 256 KiB; in a form that is three times as much at worst. */
const LONGEST_BODY = 1024 * 1024;

/**
 * The small part of the SNS API that the embedded host has, version 2010-03-31, over the AWS Query protocol: topics,
 * subscriptions of HTTP and HTTPS endpoints, and publishing.
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Operations.html
 */
export function makeSnsApi({ topics, reportFailure }: SnsApiParts): Service {
  return async (request, caller) => {
    try {
      const form = formOf(request);
      const name = form.get("Action") ?? "";
      if (!Object.hasOwn(OPERATIONS, name)) {
        throw new AwsError("InvalidAction", `OpenTrail's part of SNS does not have ${name.slice(0, 100)}.`);
      }
      const input = readQueryInput(SNS_MODEL, `${name}Request`, form);
      const violations = violationsOf(SNS_MODEL, `${name}Request`, input);
      if (violations.length > 0) throw invalidParameter(validationMessage(violations));
      const operation = OPERATIONS[name as keyof SnsInputs] as SnsOperation<never>;
      // The check was made by the same model as the types: what passed it is of the operation's input type.
      const result = await operation({ input: input as never, caller, topics });
      return queryResponse(SNS_ANSWERS, name, result, caller.requestId);
    } catch (thrown) {
      const error =
        thrown instanceof TopicRefusal ? new AwsError(thrown.code, thrown.message) : toAwsError(thrown);
      if (error.code === "InternalFailure") reportFailure(error.cause);
      return queryErrorResponse(SNS_ANSWERS, error, caller.requestId);
    }
  };
}

/** A refused signature: services of the query protocol have names of their own for what is wrong with it. */
export function refuseSnsCall({ code, message }: AwsError, requestId: string): ApiResponse {
  const name = SIGNATURE_ERRORS[code] ?? code.replace(/Exception$/, "");
  return queryErrorResponse(SNS_ANSWERS, new AwsError(name, message), requestId);
}

const SIGNATURE_ERRORS: Readonly<Record<string, string>> = {
  UnrecognizedClientException: "InvalidClientTokenId",
  InvalidSignatureException: "SignatureDoesNotMatch",
};

/** The fields of the body, or of the query: a link that a message carries has them there. */
function formOf({ method, query, body }: ApiRequest): URLSearchParams {
  if (method === "GET") return query;
  if (body.length > LONGEST_BODY) throw new AwsError("RequestEntityTooLarge", "The request is too large.");
  return new URLSearchParams(body.toString("utf8"));
}
