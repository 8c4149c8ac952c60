import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { describeError } from "./command-failure.ts";
import { deadLettersCommand } from "./dead-letters.ts";
import { demoCommand } from "./demo.ts";
import { EXIT } from "./exit-code.ts";
import { exportCommand } from "./export.ts";
import { importCommand } from "./import.ts";
import { lookupCommand } from "./lookup.ts";
import { publicKeysCommand } from "./public-keys.ts";
import { putRecordsCommand } from "./put-records.ts";
import { rulesCommand } from "./rules.ts";
import { startCommand } from "./start.ts";
import { statusCommand } from "./status.ts";
import { validateLogsCommand } from "./validate-logs.ts";

const program = new Command("opentrail")
  .description(packageJson.description)
  .version(packageJson.version)
  .showHelpAfterError("(--help shows what there is)")
  .addHelpText(
    "after",
    "\nEvery option of a command is also an environment variable: --data-dir is OPENTRAIL_DATA_DIR.\n" +
      "Exit codes: 0 done; 1 done but something was refused or found invalid, or not done; 2 usage.",
  );

for (const command of [
  startCommand(),
  putRecordsCommand(),
  importCommand(),
  statusCommand(),
  lookupCommand(),
  exportCommand(),
  deadLettersCommand(),
  validateLogsCommand(),
  publicKeysCommand(),
  rulesCommand(),
  demoCommand(),
]) {
  program.addCommand(command);
}
leaveExitToUs(program);

// A reader that has seen enough (`opentrail status | head -1`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.refused);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version leave through here too, with 0; what commander finds wrong is a usage error.
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  } else {
    process.stderr.write(`opentrail: ${describeError(error)}\n`);
    process.exitCode = EXIT.refused;
  }
}

function leaveExitToUs(command: Command): void {
  command.exitOverride();
  command.copyInheritedSettings(program);
  for (const child of command.commands) {
    leaveExitToUs(child);
  }
}
