/** A resource type that basic selectors know, and how their values name resources of it. */
export interface DataResourceType {
  readonly type: string;
  /** The values that stand for every resource of the type. */
  readonly every: RegExp;
  /** The values that stand for some resources of the type. */
  readonly some: RegExp;
  /** Whether a value stands for all ARNs that begin with it, or for its own ARN alone. */
  readonly match: "prefix" | "exact";
}

/**
 * An S3 value names a bucket, a slash and a prefix of object keys, which may be empty; functions and tables
 * are named by their whole ARN. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
 */
export const DATA_RESOURCE_TYPES: readonly DataResourceType[] = [
  {
    type: "AWS::DynamoDB::Table",
    every: /^arn:aws[a-z-]*:dynamodb$/,
    some: /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]+$/,
    match: "exact",
  },
  {
    type: "AWS::Lambda::Function",
    every: /^arn:aws[a-z-]*:lambda$/,
    some: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(?::[A-Za-z0-9$_-]+)?$/,
    match: "exact",
  },
  {
    type: "AWS::S3::Object",
    every: /^arn:aws[a-z-]*:s3(?::::)?$/,
    some: /^arn:aws[a-z-]*:s3:::[A-Za-z0-9][A-Za-z0-9._-]+\//,
    match: "prefix",
  },
];

/** The type of that name, or undefined if basic selectors do not know it. */
export function dataResourceType(type: string): DataResourceType | undefined {
  return DATA_RESOURCE_TYPES.find((known) => known.type === type);
}
