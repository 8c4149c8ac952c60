import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { type Command, CommanderError, InvalidArgumentError } from "commander";
import { eventBridgeRuleControl } from "../../shared/adapters/aws/rule-control.ts";
import type { RuleControl } from "../../shared/ports/rule-control.ts";
import { InvalidRulesFile } from "../../shared/rule-set/invalid-rules-file.ts";
import { CommandFailure, describeError, errorCode } from "../command-failure.ts";
import { noServerMessage } from "../endpoint-client.ts";
import { EXIT } from "../exit-code.ts";
import { option } from "../options.ts";

const AWS = "aws";

/** Which EventBridge a command talks to. */
export interface EventBridgeOptions {
  readonly endpoint: string;
  readonly region: string;
}

/** Adds `--endpoint` and `--region`, which default to what every AWS client reads of the environment. */
export function addEventBridgeOptions(command: Command): Command {
  const {
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge,
    AWS_ENDPOINT_URL: every,
    AWS_REGION,
    AWS_DEFAULT_REGION,
  } = process.env;
  return command
    .addOption(
      option("--endpoint <url>", "whose EventBridge it is: OpenTrail's, an emulator's, or \"aws\" for AWS")
        .default(eventBridge || every || "http://127.0.0.1:4570")
        .argParser(endpointArgument),
    )
    .addOption(
      option("--region <name>", "the region of the rules").default(
        AWS_REGION || AWS_DEFAULT_REGION || "us-east-1",
      ),
    );
}

/** Adds `--set`: whose rules they are. */
export function addSetOption(command: Command): Command {
  return command.addOption(
    option("--set <name>", "the name of the set of rules; rules of other sets, and of none, are left alone")
      .default("default")
      .argParser((text) => {
        if (!/^[\w.:/=+@-]{1,128}$/.test(text)) {
          throw new InvalidArgumentError("1 to 128 letters, digits and . : / = + @ - _ are needed.");
        }
        return text;
      }),
  );
}

/**
 * Does what needs EventBridge and what files say.
 * @throws CommandFailure that says what is wrong; files that are not what they should be are wrong usage
 */
export async function withEventBridge<T>(
  options: EventBridgeOptions,
  command: Command,
  talk: (control: RuleControl) => Promise<T>,
): Promise<T> {
  try {
    return await talk(eventBridgeRuleControl(new EventBridgeClient(clientSettings(options))));
  } catch (cause) {
    if (cause instanceof InvalidRulesFile) {
      const lines = cause.problems.map((problem) => `error: ${problem}`);
      return command.error(lines.join("\n"), { exitCode: EXIT.usage });
    }
    if (cause instanceof CommandFailure || cause instanceof CommanderError) {
      throw cause;
    }
    const isNobodyThere = errorCode(cause) === "ECONNREFUSED";
    const nobody = noServerMessage({ url: options.endpoint, region: options.region, keys: undefined });
    throw new CommandFailure(isNobodyThere ? nobody : describeTrouble(cause), { cause });
  }
}

function describeTrouble(error: unknown): string {
  const name = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
  return `${name}${describeError(error)}`;
}

/** A server of one's own takes any key where the environment has none. Throttling is the SDK's to wait out. */
function clientSettings({ endpoint, region }: EventBridgeOptions) {
  const retries = { retryMode: "adaptive", maxAttempts: 5 };
  if (endpoint === AWS) {
    return { region, ...retries, ignoreConfiguredEndpointUrls: true };
  }
  const hasKeys = process.env.AWS_ACCESS_KEY_ID !== undefined || process.env.AWS_PROFILE !== undefined;
  return {
    region,
    endpoint,
    ...retries,
    ...(!hasKeys && { credentials: { accessKeyId: "none", secretAccessKey: "none" } }),
  };
}

function endpointArgument(text: string): string {
  if (text === AWS || (URL.canParse(text) && /^https?:\/\//.test(text))) {
    return text;
  }
  throw new InvalidArgumentError('An http:// or https:// URL, or "aws", is needed.');
}
