import { createHash, randomUUID } from "node:crypto";
import { awsPartition } from "../arn/partition.ts";
import type { JsonObject } from "../event/json.ts";
import { readSignatureClaim } from "./credential-scope.ts";
import type { ApiRequest, Caller } from "./http.ts";
import { remediationAccount, remediationIdentity } from "./remediation-identity.ts";

/** Who an access key belongs to, where the endpoint was told. */
export interface KnownIdentity {
  readonly accountId: string;
  readonly userIdentity: JsonObject;
  readonly mayImport: boolean;
}

/** How the endpoint takes callers. */
export interface CallerSettings {
  /** The account of keys that name none. */
  readonly defaultAccountId: string;
  /** The region of requests that are not signed. */
  readonly defaultRegion: string;
  /** By access key id. A key that is not in it is a local user's. */
  readonly identities: ReadonlyMap<string, KnownIdentity>;
}

/**
 * Who calls, by the signature's claim, which is not verified here: a known key is whom the settings say; an access
 * key id of 12 digits is the account with that id; every other key is a user of the default account.
 *
 * @param peer the client's address
 * @throws AwsError IncompleteSignatureException, InvalidSignatureException as `readSignatureClaim` does
 */
export function identifyCaller(request: ApiRequest, peer: string, settings: CallerSettings): Caller {
  const claim = readSignatureClaim(request);
  const region = claim?.region ?? settings.defaultRegion;
  const key = claim?.accessKeyId;
  return {
    ...(settings.identities.get(key ?? "") ?? localIdentity(key, region, settings.defaultAccountId)),
    region,
    ...(key !== undefined && { accessKeyId: key }),
    // An IPv4 peer of a socket that listens for IPv6 too.
    sourceIPAddress: peer.replace(/^::ffff:(?=[\d.]+$)/, ""),
    userAgent: request.headers["user-agent"] ?? "",
    requestId: randomUUID(),
  };
}

function localIdentity(key: string | undefined, region: string, defaultAccountId: string): KnownIdentity {
  const remediated = key === undefined ? undefined : remediationAccount(key);
  if (remediated !== undefined) {
    const userIdentity = remediationIdentity(remediated, region);
    return { accountId: remediated, userIdentity, mayImport: false };
  }
  const accountId = key !== undefined && /^\d{12}$/.test(key) ? key : defaultAccountId;
  // Nothing is known of the keys: whoever can reach the endpoint may do anything.
  return { accountId, userIdentity: localUser(accountId, region, key), mayImport: true };
}

/**
 * An IAM user, never root: detections of root use must not fire on each local call. A key that is no key id of AWS's
 * or an account's is taken for a name (`AWS_ACCESS_KEY_ID=alice`), so that local callers can be told apart.
 */
function localUser(accountId: string, region: string, key: string | undefined): JsonObject {
  const isName = key !== undefined && /^[A-Za-z][\w+=,.@-]{0,63}$/.test(key) && !/^A[KS]IA/.test(key);
  const userName = isName ? key : "local";
  return {
    type: "IAMUser",
    principalId: principalId(accountId, userName),
    arn: `arn:${awsPartition(region)}:iam::${accountId}:user/${userName}`,
    accountId,
    ...(key !== undefined && { accessKeyId: key }),
    userName,
  };
}

/** A made-up unique id of IAM's form, the same for the same user. */
function principalId(accountId: string, userName: string): string {
  const digest = createHash("sha256").update(`${accountId}/${userName}`).digest();
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  return `AIDA${[...digest.subarray(0, 17)].map((byte) => letters[byte % 32]).join("")}`;
}
