import { AwsError } from "../error/aws-error.ts";
import type { Clock } from "../ports/clock.ts";
import { identifyCaller } from "./caller.ts";
import { readSignatureClaim } from "./credential-scope.ts";
import type { Credentials } from "./credentials.ts";
import type { Identify } from "./dispatch.ts";
import { commonError } from "./errors.ts";
import type { ApiRequest } from "./http.ts";

/** What callers are told apart with. */
export interface SignedCallers {
  /** The keys that are good now. @throws AwsError if they cannot be had */
  readonly credentials: () => Promise<Credentials>;
  readonly clock: Pick<Clock, "now">;
  /**
   * What clients send their requests to, where something stands before the endpoint that changes host and path: a
   * distribution with a domain of one's own, or an emulator. `{id}` in it is the first label of the endpoint's host.
   */
  readonly publicUrl?: string;
}

/** The callers of an endpoint that takes signed requests alone. */
export function identifySigned({ credentials, clock, publicUrl }: SignedCallers): Identify {
  return async (request, peer) => {
    if (readSignatureClaim(request) === undefined) throw commonError("MissingAuthenticationTokenException");
    const { identities, verify } = await credentials();
    try {
      verify(request, clock.now());
    } catch (error) {
      if (publicUrl === undefined || !isWrongSignature(error)) throw error;
      verify(asSentTo(publicUrl, request), clock.now());
    }
    return identifyCaller(request, peer, { defaultAccountId: "", defaultRegion: "", identities });
  };
}

function isWrongSignature(error: unknown): boolean {
  return error instanceof AwsError && error.code === "InvalidSignatureException";
}

/** The request as its client sent and signed it. */
function asSentTo(publicUrl: string, request: ApiRequest): ApiRequest {
  const [id = ""] = (request.headers.host ?? "").split(".");
  const { host, pathname } = new URL(publicUrl.replace("{id}", id));
  return {
    ...request,
    path: `${pathname.replace(/\/$/, "")}${request.path}`,
    headers: { ...request.headers, host },
  };
}
