/** As long as EventBridge waits for an API destination. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Posts to a webhook. An answer that is not 2xx is a failure, a redirection too: events go where the rule's owner has
 * said, and nowhere else.
 * @param url `http://` or `https://`
 * @param headers default: those of JSON
 * @throws Error for such an answer, for no answer within five seconds, and where the address cannot be reached
 */
export async function postToWebhook(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "user-agent": "OpenTrail" },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) {
    throw new Error(`The webhook ${new URL(url).origin} answered ${response.status}`);
  }
}
