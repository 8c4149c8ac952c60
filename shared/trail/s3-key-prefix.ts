import { AwsError } from "../error/aws-error.ts";

const MAX_LENGTH = 200;

/**
 * Checks the prefix of a trail's S3 keys: at most 200 characters, none of them a control character. Slashes are kept
 * as they stand: the keys are made of it, a slash and `AWSLogs`.
 * @throws AwsError InvalidS3PrefixException
 */
export function requireS3KeyPrefix(prefix: string): void {
  if (prefix.length > MAX_LENGTH) {
    throw new AwsError(
      "InvalidS3PrefixException",
      `S3 prefix is too long. Maximum allowed length: ${MAX_LENGTH} characters. Specified length: ${prefix.length} characters.`,
    );
  }
  if (/\p{Cc}/u.test(prefix)) {
    throw new AwsError("InvalidS3PrefixException", `S3 prefix is not valid: ${prefix}`);
  }
}
