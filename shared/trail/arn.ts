import { awsPartition } from "../arn/partition.ts";
import { AwsError } from "../error/aws-error.ts";
import { requireTrailName } from "./name.ts";

/** What a trail's ARN tells of it. */
export interface TrailIdentity {
  readonly homeRegion: string;
  readonly accountId: string;
  readonly name: string;
}

/** `arn:aws:cloudtrail:us-east-2:111122223333:trail/MyTrail`, in the partition of the home region. */
export function trailArn({ homeRegion, accountId, name }: TrailIdentity): string {
  return `arn:${awsPartition(homeRegion)}:cloudtrail:${homeRegion}:${accountId}:trail/${name}`;
}

/** Whether a parameter that takes a name or an ARN was given an ARN. */
export function isArn(nameOrArn: string): boolean {
  return nameOrArn.startsWith("arn:");
}

/**
 * Reads a trail's ARN.
 * @throws AwsError CloudTrailARNInvalidException if it is none, InvalidTrailNameException if the name in it is not
 * one that a trail may have
 */
export function parseTrailArn(arn: string): TrailIdentity {
  const [, partition, homeRegion, accountId, name] =
    /^arn:([a-z-]+):cloudtrail:([a-z0-9-]+):(\d{12}):trail\/(.*)$/s.exec(arn) ?? [];
  if (
    homeRegion === undefined ||
    accountId === undefined ||
    name === undefined ||
    partition !== awsPartition(homeRegion)
  ) {
    throw new AwsError("CloudTrailARNInvalidException", `Invalid trail ARN: ${arn}`);
  }
  requireTrailName(name);
  return { homeRegion, accountId, name };
}
