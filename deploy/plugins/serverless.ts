/** As much of the Serverless Framework as the plugins use. https://github.com/oss-serverless/osls */
export interface Serverless {
  readonly serviceDir: string;
  readonly service: {
    readonly provider: {
      readonly stage: string;
      readonly timeout: number;
      deploymentMethod?: "changesets" | "direct";
      readonly compiledCloudFormationTemplate: Template;
    };
    readonly functions: Record<string, FunctionSettings>;
    /** `custom` of serverless.yml. */
    readonly custom: { readonly parameters: Readonly<Record<string, unknown>> };
  };
  readonly configSchemaHandler: {
    defineFunctionProperties(provider: "aws", schema: object): void;
  };
  readonly pluginManager: { readonly plugins: readonly Record<string, unknown>[] };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  getProvider(name: "aws"): AwsProvider;
}

/** What the framework knows of the account. */
export interface AwsProvider {
  readonly naming: {
    getLambdaLogicalId(functionName: string): string;
    getLogGroupLogicalId(functionName: string): string;
    getStackName(): string;
  };
  getStage(): string;
  getRegion(): string;
  /** Settings for SDK clients: region, credentials, proxy. */
  getAwsSdkV3Config(): Promise<object>;
}

/** A function as serverless.yml has it. */
export interface FunctionSettings {
  readonly name: string;
  readonly handler: string;
  readonly timeout?: number;
  environment?: Record<string, unknown>;
  readonly events?: readonly FunctionEvent[];
  readonly destinations?: { readonly onFailure?: { readonly arn: unknown } };
  /** Of this project: what its code is allowed, as IAM statements without their `Effect`. */
  readonly statements?: readonly Statement[];
  role?: unknown;
  package?: { artifact?: string };
}

/** One trigger of a function. */
export interface FunctionEvent {
  readonly sqs?: { readonly arn: unknown; readonly maximumBatchingWindow?: number | string };
  readonly eventBridge?: { readonly schedule?: string };
}

/** An IAM statement without its effect. */
export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** A CloudFormation template. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs: Record<string, { readonly Value: unknown; readonly Description?: string }>;
}

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: unknown;
  readonly DeletionPolicy?: string;
}

/** A plugin's steps by the framework's lifecycle event. */
export type Hooks = Readonly<Record<string, () => void | Promise<void>>>;

/** How a plugin speaks to whoever runs a command. */
export interface PluginWriters {
  readonly log: { notice(text: string): void; warning(text: string): void };
}
