import type { SNSClientConfig } from "@aws-sdk/client-sns";

/**
 * Time limits of a call. Without them a call whose connection died would hold its function until Lambda ends it;
 * with them the SDK tries again.
 */
export const REQUEST_LIMITS = { requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 } };

/** Where the activity topic, the trails and the blocks are, for a function that is elsewhere, and how it gets at them. */
export interface Home {
  readonly region?: string;
  readonly credentials?: NonNullable<SNSClientConfig["credentials"]>;
}

export const HERE: Home = {};

/** A client for each region that is asked for, and one for the function's own. */
export function clientsByRegion<Client>(
  make: (settings: { readonly region?: string }) => Client,
): (region?: string) => Client {
  const clients = new Map<string, Client>();
  return (region = "") => {
    const client = clients.get(region) ?? make(region === "" ? {} : { region });
    clients.set(region, client);
    return client;
  };
}
