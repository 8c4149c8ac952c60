import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { type FrontDoor, MAX_BODY_BYTES, openFrontDoor } from "../../local/front-door.ts";
import type { Dispatch } from "../../shared/api/dispatch.ts";
import type { ApiRequest } from "../../shared/api/http.ts";

let door: FrontDoor | undefined;
let failures: unknown[];
let requests: ApiRequest[];
afterEach(() => door?.close());

/** Opens a door before `answer`, and tells its address. */
async function open(answer: Dispatch): Promise<string> {
  failures = [];
  requests = [];
  door = await openFrontDoor(
    (request, peer, requestId) => {
      requests.push(request);
      return answer(request, peer, requestId);
    },
    { host: "127.0.0.1", port: 0 },
    (problem) => failures.push(problem),
  );
  return `http://127.0.0.1:${door.port}`;
}

const echo: Dispatch = async ({ body }) => ({ status: 200, headers: {}, body });

async function connect(endpoint: string): Promise<Socket> {
  const socket = createConnection(Number(new URL(endpoint).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

describe("a request", () => {
  test("is handed on as it came: path encoded, query parsed, header names in lower case, body whole", async () => {
    const endpoint = await open(echo);
    const body = crypto.getRandomValues(Buffer.alloc(60_000));

    const response = await fetch(`${endpoint}/a%20b/%2F?x=1&x=2&y=%C3%BC`, {
      method: "PUT",
      headers: { "X-Amz-Target": "One" },
      body,
    });

    const [request] = requests;
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
    expect(request).toMatchObject({ method: "PUT", path: "/a%20b/%2F", headers: { "x-amz-target": "One" } });
    expect([...(request?.query ?? [])]).toEqual([
      ["x", "1"],
      ["x", "2"],
      ["y", "ü"],
    ]);
  });

  test("that fails is answered 500 without the reason, which goes to the log", async () => {
    const endpoint = await open(async () => {
      throw new Error("a secret of the host");
    });

    const response = await fetch(endpoint);

    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(failures).toEqual([new Error("a secret of the host")]);
  });

  test("of HEAD is answered with the headers alone", async () => {
    const endpoint = await open(async () => ({ status: 200, headers: { "x-a": "b" }, body: "text" }));

    const response = await fetch(endpoint, { method: "HEAD" });

    expect(response.headers.get("x-a")).toBe("b");
    expect(await response.text()).toBe("");
  });

  test("over the limit is refused before its body is read, and the client can read that", async () => {
    const endpoint = await open(echo);
    const socket = await connect(endpoint);

    socket.write(`PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: ${MAX_BODY_BYTES + 1}\r\n\r\n`);
    const [answer] = await once(socket, "data");
    socket.destroy();

    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 .*connection: close/is);
    expect(requests).toEqual([]);
  });

  test("whose client goes away in the upload is no failure", async () => {
    const endpoint = await open(echo);
    const socket = await connect(endpoint);

    socket.write("PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nten bytes.");
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await (await fetch(endpoint, { method: "POST", body: "next" })).text();

    expect(requests).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  test("whose client goes away in the answer is no failure, and its source is closed", async () => {
    let closed = false;
    const endpoint = await open(async () => ({
      status: 200,
      headers: {},
      body: (async function* () {
        try {
          for (;;) {
            yield Buffer.alloc(1024 * 1024);
          }
        } finally {
          closed = true;
        }
      })(),
    }));

    const controller = new AbortController();
    const response = await fetch(endpoint, { signal: controller.signal });
    controller.abort();
    await response.text().catch(() => undefined);

    await expect.poll(() => closed).toBe(true);
    expect(failures).toEqual([]);
  });

  test("whose answer breaks off in its middle is cut, not ended as if it were whole", async () => {
    const endpoint = await open(async () => ({
      status: 200,
      headers: {},
      body: (async function* () {
        yield Buffer.from("half");
        throw new Error("the disk is gone");
      })(),
    }));

    const text = fetch(endpoint).then((response) => response.text());

    await expect(text).rejects.toThrow();
    expect(failures).toEqual([new Error("the disk is gone")]);
  });
});

describe("closing", () => {
  test("waits for the request under way, and takes no more", async () => {
    let finish = (): void => undefined;
    const endpoint = await open(
      () =>
        new Promise((resolve) => {
          finish = () => resolve({ status: 200, headers: {}, body: "done" });
        }),
    );
    const underWay = fetch(endpoint).then((response) => response.text());
    await expect.poll(() => requests.length).toBe(1);

    const closing = door?.close();
    await expect(fetch(endpoint)).rejects.toThrow();
    finish();

    expect(await underWay).toBe("done");
    await closing;
  });

  test("does not wait for idle connections, nor for clients that stall for longer than three seconds", async () => {
    const endpoint = await open(echo);
    await (await fetch(endpoint, { method: "POST", body: "kept alive" })).text();
    const stalled = await connect(endpoint);
    stalled.write("PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nten bytes.");
    await new Promise((resolve) => setTimeout(resolve, 50));

    const from = Date.now();
    await door?.close();

    expect(Date.now() - from).toBeLessThan(5_000);
    stalled.destroy();
  });

  test("an idle connection alone is not waited for at all", async () => {
    const endpoint = await open(echo);
    await (await fetch(endpoint, { method: "POST", body: "kept alive" })).text();

    const from = Date.now();
    await door?.close();

    expect(Date.now() - from).toBeLessThan(1_000);
  });
});

test("a port that is taken is told by its code", async () => {
  const endpoint = await open(echo);

  const second = openFrontDoor(
    echo,
    { host: "127.0.0.1", port: Number(new URL(endpoint).port) },
    () => undefined,
  );

  await expect(second).rejects.toMatchObject({ code: "EADDRINUSE" });
});
