import { createHash } from "node:crypto";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLedger } from "../../../shared/adapters/memory/ledger.ts";
import { MemoryObjectStore } from "../../../shared/adapters/memory/object-store.ts";
import { MemoryTopics } from "../../../shared/adapters/memory/topics.ts";
import type { BatchReport } from "../../../shared/delivery/batch.ts";
import type { FencePorts } from "../../../shared/delivery/fence.ts";
import { isVoidObject } from "../../../shared/delivery/log-file-object.ts";
import { createLogFileDelivery } from "../../../shared/delivery/log-files.ts";
import { sweepOpenFiles } from "../../../shared/delivery/sweep.ts";
import type { Clock } from "../../../shared/ports/clock.ts";
import type { Ledger } from "../../../shared/ports/ledger.ts";
import type { ObjectStore } from "../../../shared/ports/object-store.ts";
import type { Topics } from "../../../shared/ports/topics.ts";
import { blockOf, trailNamed } from "./blocks.ts";

/**
 * A model checker for the exactly-once delivery of log files. It runs the real delivery stage and sweeper over
 * memory adapters. Every call of a port waits for the scheduler, which explores every order of the calls of
 * all actors, and every way to spend a budget of faults.
 *
 * An actor's memory is a function of the answers that it got, so the answers stand for it in the hash of a
 * state; states that were seen are not explored again. Nothing else is left out, unless a scenario bounds
 * how often actors are interrupted.
 */

/** What may go wrong in one schedule, and how often. */
export interface Faults {
  /** A worker dies: its calls so far took effect, it makes no more. */
  readonly crashes: number;
  /** Time passes: all leases run out, and one worker's messages come again while it goes on as a zombie. */
  readonly lapses: number;
  /** A put takes effect, but its caller is told of a timeout. */
  readonly lostAnswers: number;
  /** The bucket refuses a put. */
  readonly refusals: number;
  /** Sweeper runs, beside the last one. */
  readonly sweeps: number;
}

export interface Scenario {
  readonly faults: Faults;
  /** Blocks' names in the messages, in the order of the queue; workers take two at a time. */
  readonly messages: readonly string[];
  readonly workers: number;
  /**
   * How often an actor may be interrupted between two of its calls; switching when it has ended, when time
   * passes or when a sweeper starts is free. Absent: any number of times.
   */
  readonly preemptions?: number;
  /** How often a message may be received before it is a dead letter. */
  readonly maxReceives: number;
  /** The trail has a topic: publishing is a step too. */
  readonly hasTopic?: boolean;
  /** Changes the order of the protocol: the topic is told once the file is settled. */
  readonly tellsAfterSettling?: boolean;
  /** Changes the protocol, to prove that the model would notice. */
  readonly breakObjects?: (objects: ObjectStore) => ObjectStore;
  readonly withoutLastSweep?: boolean;
}

export interface Exploration {
  readonly states: number;
  /** Different schedules from the start to an end, those through states that were not explored twice included. */
  readonly schedules: number;
  readonly ends: number;
  readonly deadLetters: number;
  /** The first violation of each kind, with the schedule that leads to it. */
  readonly violations: ReadonlyMap<string, readonly string[]>;
}

const LEASE_MS = 1_000;
const SILENT_TRAIL = trailNamed("model");
const TOPIC = "arn:aws:sns:eu-central-1:111122223333:model";
const TELLING_TRAIL = trailNamed("model", { snsTopicArn: TOPIC });
const BUCKET = SILENT_TRAIL.s3BucketName;

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly run: () => Promise<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Actor {
  readonly name: string;
  readonly messages: readonly Message[];
  readonly history: string[];
  readonly calls: Call[];
  files: number;
  state: "working" | "zombie" | "gone";
}

interface Message {
  readonly id: string;
  readonly block: string;
  receives: number;
  state: "ready" | "held" | "waiting" | "delivered" | "dead";
  holder?: Actor;
}

/** One run of the system, driven action by action. */
class World {
  readonly ledger = new MemoryLedger();
  readonly objects = new MemoryObjectStore();
  readonly topics = new MemoryTopics();
  readonly messages: readonly Message[];
  readonly #scenario: Scenario;
  readonly #actors: Actor[] = [];
  readonly #left: { -readonly [Fault in keyof Faults]: number };
  readonly #store: ObjectStore;
  #now = 0;
  #preemptions: number;
  /** A release took effect after the lease, though it was asked for before its end. */
  #lateRelease = false;
  /** Who made the last step, and may go on without being a preemption of somebody. */
  #running: Actor | undefined;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#left = { ...scenario.faults };
    this.#preemptions = scenario.preemptions ?? Number.POSITIVE_INFINITY;
    this.objects.createBucket(BUCKET);
    this.topics.createTopic(TOPIC, true);
    this.#store = scenario.breakObjects?.(this.objects) ?? this.objects;
    this.messages = scenario.messages.map((block, index) => ({
      id: `m${index}`,
      block,
      receives: 0,
      state: "ready",
    }));
    this.#startWorkers();
  }

  /** What can happen next. None: the schedule has come to its end. */
  actions(): readonly string[] {
    const live = this.#actors.filter(({ state }) => state !== "gone");
    const mayPreempt = this.#preemptions > 0 || !this.#isInterruptible();
    const actions: string[] = [];
    for (const actor of live.filter((candidate) => mayPreempt || candidate === this.#running)) {
      for (const [index, call] of actor.calls.entries()) {
        actions.push(`${actor.name}:${index}:step ${call.name}`);
        if (call.name === "putNew" && this.#left.lostAnswers > 0) {
          actions.push(`${actor.name}:${index}:lose ${call.name}`);
        }
        if (call.name === "putNew" && this.#left.refusals > 0) {
          actions.push(`${actor.name}:${index}:refuse ${call.name}`);
        }
      }
      if (this.#left.crashes > 0) {
        actions.push(`${actor.name}:crash`);
      }
    }
    if (this.#left.lapses > 0) {
      actions.push(...this.#holders().map(({ name }) => `${name}:lapse`));
    }
    const hasExpired = this.ledger.files.some(
      (file) => file.state === "open" && file.leaseUntil <= this.#now,
    );
    if (this.#left.sweeps > 0 && hasExpired) {
      actions.push("sweep");
    }
    return actions;
  }

  #isInterruptible(): boolean {
    return this.#running !== undefined && this.#running.state !== "gone";
  }

  async act(action: string): Promise<void> {
    const [name = "", index, fault] = action.split(":");
    const actor = this.#actors.find((candidate) => candidate.name === name);
    const isStep = fault !== undefined;
    if (isStep && this.#isInterruptible() && actor !== this.#running) {
      this.#preemptions -= 1;
    }
    this.#running = isStep ? actor : undefined;
    if (actor !== undefined && index === "lapse") {
      this.#lapse(actor);
    } else if (action === "sweep") {
      this.#left.sweeps -= 1;
      this.#startSweeper();
    } else if (actor !== undefined && index === "crash") {
      this.#left.crashes -= 1;
      actor.state = "gone";
      actor.calls.length = 0;
    } else if (actor !== undefined) {
      await this.#answer(actor, Number(index), fault ?? "");
    }
    await quiescence();
    if (this.#startWorkers()) {
      await quiescence();
    }
  }

  async #answer(actor: Actor, index: number, fault: string): Promise<void> {
    const call = actor.calls.splice(index, 1)[0];
    if (call === undefined) {
      throw new Error(`${actor.name} makes no such call`);
    }
    if (fault.startsWith("refuse")) {
      this.#left.refusals -= 1;
      this.objects.denyAccess(BUCKET, true);
    }
    const file = this.ledger.files.find(({ id }) => id === call.args[0]);
    const hasLapsed = file !== undefined && file.leaseUntil <= this.#now;
    this.#lateRelease ||= call.name === "releaseFile" && hasLapsed;
    const outcome = await call.run().then(
      (answer) => ({ answer, error: undefined }),
      (error: Error) => ({ answer: undefined, error }),
    );
    this.objects.denyAccess(BUCKET, false);
    const isLost = fault.startsWith("lose");
    this.#left.lostAnswers -= isLost ? 1 : 0;
    const error = isLost ? new Error("The answer was lost") : outcome.error;
    actor.history.push(`${call.name} ${error?.name ?? stringify(outcome.answer)}`);
    if (error === undefined) {
      call.resolve(outcome.answer);
    } else {
      call.reject(error);
    }
  }

  /** Those who hold messages, the dead among them. */
  #holders(): readonly Actor[] {
    return this.#actors.filter((actor) => this.messages.some(({ holder }) => holder === actor));
  }

  #lapse(holder: Actor): void {
    this.#left.lapses -= 1;
    this.#now += LEASE_MS + 1;
    holder.state = holder.state === "working" ? "zombie" : holder.state;
    for (const message of this.messages) {
      if (message.holder === holder) {
        this.#giveBack(message, "ready");
      }
    }
  }

  #giveBack(message: Message, state: "ready" | "waiting"): void {
    delete message.holder;
    message.state = message.receives < this.#scenario.maxReceives ? state : "dead";
  }

  /** Receives messages while there are workers for them. That a worker starts is no step: its first call is. */
  #startWorkers(): boolean {
    const working = (): number =>
      this.#actors.filter(({ name, state }) => name.startsWith("worker") && state === "working").length;
    if (working() === 0) {
      for (const message of this.messages) {
        message.state = message.state === "waiting" ? "ready" : message.state;
      }
    }
    for (let started = false; ; started = true) {
      const batch = this.messages.filter(({ state }) => state === "ready").slice(0, 2);
      if (batch.length === 0 || working() >= this.#scenario.workers) {
        return started;
      }
      const actor = this.#addActor("worker", batch);
      for (const message of batch) {
        message.state = "held";
        message.holder = actor;
        message.receives += 1;
      }
      const deliver = this.#delivery(actor);
      void deliver(bodiesOf(batch)).then((report) => this.#finish(actor, report));
    }
  }

  #startSweeper(): void {
    const actor = this.#addActor("sweeper", []);
    void sweepOpenFiles(this.#ports(actor)).then(() => {
      actor.state = "gone";
    });
  }

  #addActor(kind: string, messages: readonly Message[]): Actor {
    const name = `${kind}${this.#actors.length}`;
    const actor: Actor = { name, messages, history: [], calls: [], files: 0, state: "working" };
    this.#actors.push(actor);
    return actor;
  }

  /** The ports of an actor, whose calls are steps; without one they are answered at once. */
  #ports(actor?: Actor): FencePorts {
    const ports = {
      ledger: actor === undefined ? this.ledger : gated<Ledger>(actor, this.ledger),
      objects: actor === undefined ? this.#store : gated(actor, this.#store),
      topics: actor === undefined ? this.topics : gated<Topics>(actor, this.topics),
      status: new MemoryDeliveryStatus(),
      clock: this.#clock(actor),
    };
    return this.#scenario.tellsAfterSettling === true ? tellingAfterSettling(ports) : ports;
  }

  #delivery(
    actor: Actor | undefined,
  ): (messages: readonly { id: string; body: Buffer }[]) => Promise<BatchReport> {
    return createLogFileDelivery(this.#ports(actor), {
      leaseMs: LEASE_MS,
      filesAtOnce: 1,
      unpack: async (body) => blockNamed(body.toString(), this.#scenario.hasTopic === true),
      compress: async (content) => content,
      suffix: () => {
        const file = actor?.files ?? 0;
        if (actor !== undefined) {
          actor.files = file + 1;
        }
        return `${actor?.name ?? "last"}x${file}`;
      },
    });
  }

  /** The time that an actor reads is, like an answer, a part of what it knows. */
  #clock(actor?: Actor): Clock {
    const now = (): number => {
      actor?.history.push(`time ${this.#now}`);
      return this.#now;
    };
    return { now, sleep: async () => undefined };
  }

  #finish(actor: Actor, { failed }: BatchReport): void {
    actor.state = "gone";
    for (const message of actor.messages) {
      if (message.holder === actor && failed.has(message.id)) {
        this.#giveBack(message, "waiting");
      } else if (message.holder === actor) {
        delete message.holder;
        message.state = "delivered";
      }
    }
  }

  hash(): string {
    const actors = this.#actors
      .filter(({ state }) => state !== "gone")
      .map(({ name, state, history, messages }) => [name, state, history, messages.map(({ id }) => id)]);
    const messages = this.messages.map(({ state, receives, holder }) => [state, receives, holder?.name]);
    const objects = [...this.objects.objects(BUCKET)].map(
      ([key, { body }]) => `${key} ${body.toString("latin1")}`,
    );
    const files = this.ledger.files.map((file) => JSON.stringify(file)).sort();
    const parts = [...this.ledger.parts].sort();
    const running = this.#isInterruptible() ? this.#running?.name : undefined;
    const schedule = [this.#now, this.#left, String(this.#preemptions), running, this.#lateRelease];
    const told = [...this.#toldKeys()].sort();
    const state = [schedule, messages, actors, files, parts, objects.sort(), told];
    return createHash("sha1").update(JSON.stringify(state)).digest("base64");
  }

  /** Ends the run: leases run out, the last sweep is made. Then sends again what was not delivered. */
  async close(): Promise<readonly string[]> {
    const violations: string[] = [];
    await this.#settleAll();
    violations.push(...this.#violations("dead letters aside"));
    const undelivered = this.messages.filter(({ state }) => state !== "delivered");
    const { failed } = await this.#delivery(undefined)(bodiesOf(undelivered));
    for (const message of undelivered.filter(({ id }) => !failed.has(id))) {
      message.state = "delivered";
    }
    if (failed.size > 0) {
      violations.push("dead letters that were sent again are not delivered");
    }
    await this.#settleAll();
    violations.push(...this.#violations("dead letters sent again"));
    return violations;
  }

  async #settleAll(): Promise<void> {
    this.#now += LEASE_MS + 1;
    if (this.#scenario.withoutLastSweep !== true) {
      await sweepOpenFiles(this.#ports());
    }
  }

  /** The keys that the topic was told of. */
  #toldKeys(): ReadonlySet<string> {
    return new Set(
      this.topics.messages.flatMap(
        ({ message }) => (JSON.parse(message) as { s3ObjectKey: string[] }).s3ObjectKey,
      ),
    );
  }

  #violations(when: string): readonly string[] {
    const objects = this.objects.objects(BUCKET);
    const found: string[] = [];
    const times = new Map<string, number>();
    for (const { body, settings } of objects.values()) {
      const isVoid = isVoidObject({ size: body.length, metadata: settings.metadata ?? {} });
      for (const { block } of isVoid ? [] : (JSON.parse(body.toString()).Records as { block: string }[])) {
        times.set(block, (times.get(block) ?? 0) + 1);
      }
    }
    for (const block of new Set(this.messages.map((message) => message.block))) {
      const isDelivered = this.messages.some(
        (message) => message.block === block && message.state === "delivered",
      );
      if ((times.get(block) ?? 0) > 1) {
        found.push(`a record is there twice (${when})`);
      }
      if (isDelivered && !times.has(block)) {
        found.push(`a record is lost (${when})`);
      }
    }
    const keys = new Set<string>();
    const told = this.#toldKeys();
    for (const { key, state, seal, snsTopicArn } of this.ledger.files) {
      const object = objects.get(key);
      keys.add(key);
      if (snsTopicArn !== undefined && told.has(key) !== (state === "settled")) {
        found.push(`a topic was ${told.has(key) ? "told of a" : "not told of a"} ${state} file (${when})`);
      }
      if (state === "open") {
        found.push(`a file is left open (${when})`);
      } else if (object === undefined) {
        found.push(`a ${state} file has no object (${when})`);
      } else if (state === "settled" && seal?.sha256 !== sha256(object.body)) {
        found.push(`a settled file's object is not the sealed one (${when})`);
      } else if ((state === "void") !== (object.settings.metadata !== undefined)) {
        found.push(`a ${state} file's object is of another kind (${when})`);
      }
    }
    for (const [key, { settings }] of objects) {
      // A release that was under way for longer than the lease may take the row away from under a fence: what
      // is left is an object without records.
      const isTolerated = this.#lateRelease && settings.metadata !== undefined;
      if (!keys.has(key) && !isTolerated) {
        found.push(`an object has no row (${when})`);
      }
    }
    return found;
  }
}

/** Explores every schedule of a scenario. */
export async function explore(scenario: Scenario): Promise<Exploration> {
  /** Hash of a state → how many schedules lead from it to an end. */
  const seen = new Map<string, number>();
  const violations = new Map<string, readonly string[]>();
  let ends = 0;
  let deadLetters = 0;
  const visit = async (world: World, path: string[]): Promise<number> => {
    const hash = world.hash();
    const known = seen.get(hash);
    if (known !== undefined) {
      return known;
    }
    const actions = world.actions();
    let schedules = 0;
    for (const [index, action] of actions.entries()) {
      const next = index === 0 ? world : await replay(scenario, path);
      await next.act(action);
      path.push(action);
      schedules += await visit(next, path);
      path.pop();
    }
    if (actions.length === 0) {
      schedules = 1;
      ends += 1;
      deadLetters += world.messages.some(({ state }) => state === "dead") ? 1 : 0;
      for (const violation of await world.close()) {
        if (!violations.has(violation)) {
          violations.set(violation, [...path]);
        }
      }
    }
    seen.set(hash, schedules);
    return schedules;
  };
  const schedules = await visit(await replay(scenario, []), []);
  return { states: seen.size, schedules, ends, deadLetters, violations };
}

async function replay(scenario: Scenario, path: readonly string[]): Promise<World> {
  const world = new World(scenario);
  await quiescence();
  for (const action of path) {
    await world.act(action);
  }
  return world;
}

/** Every method call of the port waits in the actor's calls until the scheduler answers it. */
function gated<Port extends object>(actor: Actor, port: Port): Port {
  return new Proxy(port, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name, target);
      return typeof method !== "function"
        ? method
        : (...args: unknown[]) =>
            new Promise((resolve, reject) => {
              if (actor.state !== "gone") {
                const run = (): Promise<unknown> => Promise.resolve(Reflect.apply(method, target, args));
                actor.calls.push({ name: String(name), args, run, resolve, reject });
              }
            });
    },
  });
}

/** Resolves when no promise can go on by itself: a tick waits until the queue of microtasks is empty. */
function quiescence(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function bodiesOf(messages: readonly Message[]): readonly { id: string; body: Buffer }[] {
  return messages.map(({ id, block }) => ({ id, body: Buffer.from(block) }));
}

const blocks = new Map<string, ReturnType<typeof blockOf>>();

function blockNamed(name: string, hasTopic: boolean): ReturnType<typeof blockOf> {
  const key = `${name} ${hasTopic}`;
  const destination = hasTopic ? TELLING_TRAIL : SILENT_TRAIL;
  const block = blocks.get(key) ?? blockOf([{ text: JSON.stringify({ block: name }) }], [{ destination }]);
  blocks.set(key, block);
  return block;
}

/** The protocol in the wrong order: what is to be published waits until the file is settled. */
function tellingAfterSettling(ports: FencePorts): FencePorts {
  const waiting: Parameters<Topics["publishForTrail"]>[] = [];
  const settleFile = async (fileId: string): Promise<void> => {
    await ports.ledger.settleFile(fileId);
    for (const publication of waiting.splice(0)) {
      await ports.topics.publishForTrail(...publication);
    }
  };
  return {
    ...ports,
    topics: {
      publishForTrail: async (...publication) => {
        waiting.push(publication);
      },
    },
    ledger: new Proxy(ports.ledger, {
      get: (target, name) => (name === "settleFile" ? settleFile : Reflect.get(target, name, target)),
    }),
  };
}

function stringify(answer: unknown): string {
  return JSON.stringify(answer instanceof Map || answer instanceof Set ? [...answer] : answer) ?? "";
}

function sha256(body: Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}
