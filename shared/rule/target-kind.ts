/** A target that this project can invoke itself, outside AWS. */
export type TargetKind =
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "log-group"; readonly arn: string }
  | { readonly kind: "topic"; readonly arn: string }
  | { readonly kind: "webhook"; readonly url: string };

/** Where an ARN says that a resource is. */
export interface TargetPlace {
  readonly region: string;
  readonly accountId: string;
}

const FUNCTION = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:([\w-]+)(?::[\w$-]+)?$/;
const LOG_GROUP = /^(arn:aws[\w-]*:logs:[\w-]+:\d{12}:log-group:[\w./#-]+)(?::\*)?$/;
const TOPIC = /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;

/**
 * What a target's ARN names: a Lambda function, a log group, an SNS topic, or, which EventBridge does not have, the `http://` or
 * `https://` address of a webhook. Undefined for everything else.
 */
export function targetKind(arn: string): TargetKind | undefined {
  const [, name] = FUNCTION.exec(arn) ?? [];
  if (name !== undefined) {
    return { kind: "function", name };
  }
  const [, logGroup] = LOG_GROUP.exec(arn) ?? [];
  if (logGroup !== undefined) {
    return { kind: "log-group", arn: logGroup };
  }
  if (TOPIC.test(arn)) {
    return { kind: "topic", arn };
  }
  return /^https?:\/\//.test(arn) && URL.canParse(arn) ? { kind: "webhook", url: arn } : undefined;
}

/** The account and region in an ARN; undefined where it is none. */
export function targetPlace(arn: string): TargetPlace | undefined {
  const [, region, accountId] = /^arn:[^:]*:[^:]*:([^:]*):([^:]*):/.exec(arn) ?? [];
  return region === undefined || accountId === undefined ? undefined : { region, accountId };
}
