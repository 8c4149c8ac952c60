import type { DeployedStack } from "./deployed-stack.ts";
import type { IamRequest } from "./iam-policy.ts";
import type { SdkCall, Service } from "./sdk-calls.ts";
import type { DeployedAt } from "./template-values.ts";

type Input = Readonly<Record<string, unknown>>;

/** What calls told of keys of KMS: which objects and topics are encrypted with one, and how keys are tagged. */
export class KnownKeys {
  /** Keys' ARNs by object (`bucket/key`) or topic (its ARN). */
  readonly #keyOf = new Map<string, string>();
  readonly #tagsOf = new Map<string, Readonly<Record<string, string>>>();

  /** Takes note of calls, and answers them. */
  learn(calls: readonly SdkCall[]): readonly SdkCall[] {
    for (const { operation, input, output } of calls) {
      if (operation === "PutObject" && typeof input.SSEKMSKeyId === "string") {
        this.#keyOf.set(`${input.Bucket}/${input.Key}`, input.SSEKMSKeyId);
      }
      if (operation === "CreateTopic" && (input.Attributes as Input | undefined)?.KmsMasterKeyId) {
        this.#keyOf.set(String(output.TopicArn), "arn:aws:kms:us-east-1:123456789012:key/topic-key");
      }
      if (operation === "CreateKey" && output.KeyMetadata !== undefined) {
        this.#tagsOf.set((output.KeyMetadata as { KeyId: string }).KeyId, tagsIn(input));
      }
    }
    return calls;
  }

  keyOf(objectOrTopic: string): string | undefined {
    return this.#keyOf.get(objectOrTopic);
  }

  tagsOf(keyId: string): Readonly<Record<string, string>> {
    return this.#tagsOf.get(keyId) ?? {};
  }
}

function tagsIn({ Tags = [] }: Input): Readonly<Record<string, string>> {
  const tags = Tags as readonly { readonly TagKey: string; readonly TagValue: string }[];
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
}

interface Known {
  readonly keys: KnownKeys;
  readonly stack: DeployedStack;
  readonly at: DeployedAt;
}

/** Operations whose action has another name. https://docs.aws.amazon.com/service-authorization/latest/reference/ */
const ACTIONS: Readonly<Record<string, string>> = {
  "s3:HeadObject": "s3:GetObject",
  "s3:HeadBucket": "s3:ListBucket",
  "sns:PublishBatch": "sns:Publish",
  "sqs:SendMessageBatch": "sqs:SendMessage",
  "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
  "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
};

/** What IAM has to allow for a call to pass. */
export function iamRequests(call: SdkCall, keys: KnownKeys, stack: DeployedStack): readonly IamRequest[] {
  return REQUESTS[call.service](call, { keys, stack, at: stack.at });
}

const REQUESTS: Readonly<Record<Service, (call: SdkCall, known: Known) => readonly IamRequest[]>> = {
  cloudtrail: (call, { at }) => [
    request(call, `arn:aws:cloudtrail:${at.region}:${at.accountId}:trail/${call.input.Name}`),
  ],
  dynamodb: dynamoRequests,
  events: (call, { at }) =>
    (call.input.Entries as readonly { EventBusName: string }[]).map(({ EventBusName }) =>
      request(call, `arn:aws:events:${at.region}:${at.accountId}:event-bus/${EventBusName}`),
    ),
  kms: kmsRequests,
  logs: (call, { at }) => {
    const group = call.input.logGroupName ?? call.input.logGroupNamePrefix;
    return [request(call, `arn:aws:logs:${at.region}:${at.accountId}:log-group:${group}:log-stream:`)];
  },
  s3: s3Requests,
  secretsmanager: (call, { stack }) => [request(call, stack.templateArn(String(call.input.SecretId)))],
  sns: (call, known) => {
    const topic = String(call.input.TopicArn);
    return [
      request(call, topic),
      ...throughKms(known.keys.keyOf(topic), "sns", ["GenerateDataKey", "Decrypt"], known),
    ];
  },
  sqs: (call, { at }) => {
    const name = String(call.input.QueueUrl).split("/").pop();
    return [request(call, `arn:aws:sqs:${at.region}:${at.accountId}:${name}`)];
  },
};

function request({ service, operation }: SdkCall, resource: string, context = {}): IamRequest {
  const action = `${service}:${operation}`;
  return { action: ACTIONS[action] ?? action, resource, context };
}

interface TransactItem {
  readonly TableName: string;
}

function dynamoRequests(call: SdkCall, { at }: Known): readonly IamRequest[] {
  const table = (name: unknown): string => `arn:aws:dynamodb:${at.region}:${at.accountId}:table/${name}`;
  const { TableName, IndexName, RequestItems, TransactItems } = call.input as {
    TableName?: string;
    IndexName?: string;
    RequestItems?: Input;
    TransactItems?: readonly Readonly<Record<string, TransactItem>>[];
  };
  // A transaction needs the actions of what is in it, and none of its own.
  if (TransactItems !== undefined) {
    return TransactItems.flatMap((item) =>
      Object.entries(item).map(([kind, { TableName: name }]) => ({
        action: `dynamodb:${kind}Item`,
        resource: table(name),
        context: {},
      })),
    );
  }
  if (RequestItems !== undefined) return Object.keys(RequestItems).map((name) => request(call, table(name)));
  const index = IndexName === undefined ? "" : `/index/${IndexName}`;
  return [request(call, `${table(TableName)}${index}`)];
}

function s3Requests(call: SdkCall, known: Known): readonly IamRequest[] {
  const { Bucket, Key, ACL, SSEKMSKeyId } = call.input as Readonly<Record<string, string | undefined>>;
  const bucket = `arn:aws:s3:::${Bucket}`;
  if (Key === undefined) return [request(call, bucket)];
  const object = `${bucket}/${Key}`;
  const isPut = call.operation === "PutObject";
  const key = isPut ? SSEKMSKeyId : known.keys.keyOf(`${Bucket}/${Key}`);
  return [
    request(call, object),
    ...(ACL === undefined ? [] : [{ action: "s3:PutObjectAcl", resource: object, context: {} }]),
    ...throughKms(key, "s3", [isPut ? "GenerateDataKey" : "Decrypt"], known),
    // Without the right to list, S3 answers that access is denied.
    ...(call.error === "NoSuchKey" || call.error === "NotFound"
      ? [{ action: "s3:ListBucket", resource: bucket, context: {} }]
      : []),
  ];
}

function kmsRequests(call: SdkCall, { at, keys }: Known): readonly IamRequest[] {
  const key = (id: unknown): string => `arn:aws:kms:${at.region}:${at.accountId}:key/${id}`;
  const named = (kind: string, tags: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:${kind}/${name}`, value]));
  if (call.operation !== "CreateKey") {
    const keyId = String(call.input.KeyId);
    return [request(call, key(keyId), named("ResourceTag", keys.tagsOf(keyId)))];
  }
  const tags = named("RequestTag", tagsIn(call.input));
  const { KeySpec, KeyUsage } = call.input;
  const { KeyId } = call.output.KeyMetadata as { readonly KeyId: string };
  return [
    request(call, "a key that is not there yet", {
      ...tags,
      "kms:KeySpec": KeySpec,
      "kms:KeyUsage": KeyUsage,
    }),
    ...(Object.keys(tags).length > 0
      ? [{ action: "kms:TagResource", resource: key(KeyId), context: tags }]
      : []),
  ];
}

/** What a service does with a key in the caller's name. */
function throughKms(
  key: string | undefined,
  service: "s3" | "sns",
  operations: readonly string[],
  { at }: Known,
): readonly IamRequest[] {
  if (key === undefined) return [];
  const context = { "kms:ViaService": `${service}.${at.region}.amazonaws.com` };
  return operations.map((operation) => ({ action: `kms:${operation}`, resource: key, context }));
}
