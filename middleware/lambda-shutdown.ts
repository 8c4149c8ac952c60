/** Before Lambda kills the process: it has 500 ms from the signal on, if no external extension asks for more. */
export const SHUTDOWN_FLUSH_MS = 300;

/**
 * Has `flush` called when Lambda shuts the environment down. Lambda sends SIGTERM only to functions that have an
 * extension (Lambda Insights is one); others end without a word. The signal then does what it did before.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @returns takes the listener away
 */
export function onShutdown(flush: () => Promise<unknown>): () => void {
  const listener = async () => {
    await flush();
    // Node no longer ends by itself at the signal, because somebody listens; others who listen end it themselves.
    if (process.listenerCount("SIGTERM") === 0) process.kill(process.pid, "SIGTERM");
  };
  process.once("SIGTERM", listener);
  return () => process.removeListener("SIGTERM", listener);
}
