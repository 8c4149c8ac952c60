/** Calls what may throw: an extractor of the user's, or what reads an answer that may be anything. */
export type Attempt = <Value>(extract: () => Value) => Value | undefined;

/** Makes attempts whose errors are reported, and give undefined. */
export function attemptWith(report: (error: unknown) => void): Attempt {
  return (extract) => {
    try {
      return extract();
    } catch (error) {
      report(error);
      return undefined;
    }
  };
}
