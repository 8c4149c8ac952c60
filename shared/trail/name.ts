import { AwsError } from "../error/aws-error.ts";

const MIN_LENGTH = 3;
const MAX_LENGTH = 128;

/**
 * Checks the name of a trail.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-naming-requirements.html
 * @throws AwsError InvalidTrailNameException
 */
export function requireTrailName(name: string): void {
  const problem = problemOf(name);
  if (problem !== undefined) {
    throw new AwsError("InvalidTrailNameException", problem);
  }
}

function problemOf(name: string): string | undefined {
  if (name.length < MIN_LENGTH) {
    return `Trail name too short. Minimum allowed length: ${MIN_LENGTH} characters. Specified name length: ${name.length} characters.`;
  }
  if (name.length > MAX_LENGTH) {
    return `Trail name too long. Maximum allowed length: ${MAX_LENGTH} characters. Specified name length: ${name.length} characters.`;
  }
  if (!/^[A-Za-z0-9]/.test(name)) return "Trail name must starts with a letter or number.";
  if (!/[A-Za-z0-9]$/.test(name)) return "Trail name must ends with a letter or number.";
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    return "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).";
  }
  if (/[._-]{2}/.test(name)) return "Trail name cannot have adjacent periods, underscores, or dashes.";
  if (isIpAddress(name)) return "Trail name cannot be in IP address format.";
  return undefined;
}

function isIpAddress(name: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name);
}
