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
    verifyAny(publicUrl === undefined ? [request] : [request, ...asSentTo(publicUrl, request)], (sent) =>
      verify(sent, clock.now()),
    );
    return identifyCaller(request, peer, { defaultAccountId: "", defaultRegion: "", identities });
  };
}

function isWrongSignature(error: unknown): boolean {
  return error instanceof AwsError && error.code === "InvalidSignatureException";
}

/** Takes a signature that is right for one of the forms. @throws AwsError as `verify` does, of the last form */
function verifyAny(forms: readonly ApiRequest[], verify: (form: ApiRequest) => void): void {
  for (const [index, form] of forms.entries()) {
    try {
      verify(form);
      return;
    } catch (error) {
      if (index === forms.length - 1 || !isWrongSignature(error)) throw error;
    }
  }
}

/** The forms in which its client may have sent and signed the request: for the root some leave out the URL's last slash. */
function asSentTo(publicUrl: string, request: ApiRequest): readonly ApiRequest[] {
  const [id = ""] = (request.headers.host ?? "").split(".");
  const { host, pathname } = new URL(publicUrl.replace("{id}", id));
  const base = pathname.replace(/\/$/, "");
  const paths = request.path === "/" && base !== "" ? [`${base}/`, base] : [`${base}${request.path}`];
  return paths.map((path) => ({ ...request, path, headers: { ...request.headers, host } }));
}
