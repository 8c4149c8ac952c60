import { createHash, createHmac } from "node:crypto";

/** The keys that requests are signed with. */
export interface SigningKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The keys that OpenTrail's endpoint is called with: `OPENTRAIL_ACCESS_KEY_ID` and `OPENTRAIL_SECRET_ACCESS_KEY`, or else those
 * where every AWS client looks first. Who calls AWS too, as for a bucket, has keys of both. Undefined if there are none.
 */
export function signingKeysFrom(env: NodeJS.ProcessEnv): SigningKeys | undefined {
  return keysNamed("OPENTRAIL", env) ?? keysNamed("AWS", env);
}

function keysNamed(owner: "OPENTRAIL" | "AWS", env: NodeJS.ProcessEnv): SigningKeys | undefined {
  const accessKeyId = env[`${owner}_ACCESS_KEY_ID`];
  const secretAccessKey = env[`${owner}_SECRET_ACCESS_KEY`];
  const sessionToken = env[`${owner}_SESSION_TOKEN`];
  return accessKeyId && secretAccessKey
    ? { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
    : undefined;
}

/** The services that clients of ours call, by the names that signatures have for them. */
type SigningName = "cloudtrail" | "cloudtrail-data";

/**
 * The headers that sign a request with Signature Version 4.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(
  request: { readonly method: string; readonly url: URL; readonly body: Uint8Array },
  keys: SigningKeys,
  region: string,
  now: Date,
  service: SigningName = "cloudtrail",
): Record<string, string> {
  const amzDate = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const date = amzDate.slice(0, 8);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const payloadHash = sha256(request.body);
  const signed: Record<string, string> = {
    host: request.url.host,
    "x-amz-content-sha256": payloadHash,
    "x-amz-date": amzDate,
    ...(keys.sessionToken ? { "x-amz-security-token": keys.sessionToken } : {}),
  };
  const names = Object.keys(signed).join(";");
  const canonical = [
    request.method,
    // The path is encoded once by URL and once more by the signature, as for every service but S3.
    request.url.pathname.split("/").map(encode).join("/"),
    canonicalQuery(request.url.searchParams),
    ...Object.entries(signed).map(([name, value]) => `${name}:${value}`),
    "",
    names,
    payloadHash,
  ].join("\n");
  const stringToSign = ["AWS4-HMAC-SHA256", amzDate, scope, sha256(canonical)].join("\n");
  const key = [date, region, service, "aws4_request"].reduce<string | Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(stringToSign).digest("hex");
  const { host, ...sent } = signed;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
