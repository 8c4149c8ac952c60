import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { chargedUnits } from "../../cost/charged-units.ts";
import type { Unit, Usage } from "../../cost/prices.ts";

/** Stands between the deployed functions and the emulator, and counts what AWS would charge for their calls. */
export interface UsageCounter {
  /** What functions are told to be the endpoint of all services. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** What functions used, by function. */
type UsageByFunction = Readonly<Record<string, Usage>>;

/** Where the counter answers what it has counted since it was last asked, as a `CountedUsage`. */
const COUNTED_PATH = "/_counted";

interface CountedUsage {
  readonly usage: UsageByFunction;
  /** Calls that have no price. */
  readonly unpriced: readonly string[];
}

/**
 * What functions used since it was last asked.
 * @param counter the counter's endpoint
 * @throws Error if a call had no price
 */
export async function takeUsage(counter: string): Promise<UsageByFunction> {
  const answer = await fetch(counter + COUNTED_PATH);
  const { usage, unpriced } = (await answer.json()) as CountedUsage;
  if (unpriced.length > 0) throw new Error(`Calls have no price: ${[...new Set(unpriced)].join("; ")}`);
  return usage;
}

/** How a function says who calls, in the user agent: the SDK puts `AWS_SDK_UA_APP_ID` there, and Powertools adds to it. */
const APP_ID = /\bapp\/([a-z]+(?:-[a-z]+)*)/;

/** Starts the counter before an emulator that listens at a port of 127.0.0.1. */
export async function startUsageCounter(emulatorPort: number): Promise<UsageCounter> {
  const agent = new Agent({ keepAlive: true });
  let unpriced: string[] = [];
  let counted = new Map<string, Partial<Record<Unit, number>>>();

  function count(who: string, usage: Usage): void {
    const of = counted.get(who) ?? {};
    for (const [unit, units] of Object.entries(usage) as [Unit, number][]) of[unit] = (of[unit] ?? 0) + units;
    counted.set(who, of);
  }

  function take(): CountedUsage {
    const taken = { usage: Object.fromEntries(counted), unpriced };
    counted = new Map();
    unpriced = [];
    return taken;
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/", headers } = incoming;
    if (path === COUNTED_PATH) {
      outgoing.end(JSON.stringify(take()));
      return;
    }
    const body = await buffer(incoming);
    const { answer, response } = await forward(agent, emulatorPort, incoming, body);
    outgoing.writeHead(response.statusCode ?? 502, response.headers).end(answer);
    const who = APP_ID.exec(headers["user-agent"] ?? "")?.[1];
    if (who === undefined) return;
    try {
      const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      count(who, chargedUnits({ method, path, headers: texts, body, answer }));
    } catch (problem) {
      unpriced.push(String(problem));
    }
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function forward(
  agent: Agent,
  port: number,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<{ readonly response: IncomingMessage; readonly answer: Buffer }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest({ agent, host: "127.0.0.1", port, method, path: url, headers }, resolve);
    request.once("error", reject);
    request.end(body);
  });
  return { response, answer: await buffer(response) };
}
