import { once } from "./once.ts";

/** All its methods answer promises: what a port must be to be loaded late. */
type Asynchronous<Port> = Readonly<Record<keyof Port, (...args: never[]) => Promise<unknown>>>;

/**
 * A port whose adapter is loaded when it is first called. A cold start reads all of a bundle, so what few invocations need
 * is better left to those.
 */
export function lazyPort<Port extends Asynchronous<Port>>(load: () => Promise<Port>): Port {
  const adapter = once(load);
  return new Proxy({} as Port, {
    get(_, name) {
      // Whoever awaits a port asks whether it is a promise.
      if (name === "then") return undefined;
      return async (...args: never[]) => (await adapter())[name as keyof Port](...args);
    },
  });
}
