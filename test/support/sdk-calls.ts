import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { vi } from "vitest";

const CLIENTS = {
  cloudtrail: CloudTrailClient,
  dynamodb: DynamoDBClient,
  events: EventBridgeClient,
  kms: KMSClient,
  logs: CloudWatchLogsClient,
  s3: S3Client,
  secretsmanager: SecretsManagerClient,
  sns: SNSClient,
  sqs: SQSClient,
} as const;

/** A service, by the prefix that its actions have in IAM. */
export type Service = keyof typeof CLIENTS;

/** A call of an SDK client, and what became of it. */
export interface SdkCall {
  readonly service: Service;
  /** The operation: `PutObject`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: Readonly<Record<string, unknown>>;
  /** The error's name, if it was refused. */
  readonly error?: string;
}

interface Sendable {
  readonly input: Readonly<Record<string, unknown>>;
}

/** Records what every SDK client of the process sends, and sends it. */
export class SdkCallRecorder {
  readonly #calls: SdkCall[] = [];
  #isMuted = false;
  readonly #before = new Map<string, () => Promise<void>>();

  constructor() {
    for (const [service, client] of Object.entries(CLIENTS))
      this.#watch(service as Service, client.prototype);
  }

  /** Does something once, right before the next call of an operation is sent. What it sends itself is not recorded. */
  beforeNext(operation: string, action: () => Promise<void>): void {
    this.#before.set(operation, action);
  }

  /** The calls since the last time. */
  take(): readonly SdkCall[] {
    return this.#calls.splice(0);
  }

  async #prepareFor(operation: string): Promise<void> {
    const action = this.#before.get(operation);
    if (action === undefined) return;
    this.#before.delete(operation);
    this.#isMuted = true;
    await action();
    this.#isMuted = false;
  }

  #note(call: SdkCall): void {
    if (!this.#isMuted) this.#calls.push(call);
  }

  #watch(service: Service, prototype: object): void {
    const { send } = prototype as { send: (command: Sendable) => Promise<Record<string, unknown>> };
    const recorder = this;
    const spy = vi.spyOn(prototype as { send: typeof send }, "send");
    spy.mockImplementation(async function (this: unknown, command: Sendable, ...rest: readonly unknown[]) {
      const operation = command.constructor.name.replace(/Command$/, "");
      const call = { service, operation, input: command.input };
      await recorder.#prepareFor(operation);
      try {
        const output = await (send as (...args: readonly unknown[]) => Promise<Record<string, unknown>>).call(
          this,
          command,
          ...rest,
        );
        recorder.#note({ ...call, output });
        return output;
      } catch (error) {
        recorder.#note({ ...call, output: {}, error: (error as Error).name });
        throw error;
      }
    } as typeof send);
  }
}
