const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

export type LogLevel = (typeof LEVELS)[number];

/** The host's own log, for the person who runs it. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string, problem?: unknown): void;
}

/** One line an entry on standard error: time, level, message. An error's stack is shown at level `debug`. */
export function makeLog(least: LogLevel): Log {
  const write = (level: LogLevel, message: string): void => {
    if (LEVELS.indexOf(level) >= LEVELS.indexOf(least)) {
      process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
    }
  };
  return {
    debug: (message) => write("debug", message),
    info: (message) => write("info", message),
    warn: (message) => write("warn", message),
    error: (message, problem) => {
      write("error", message);
      if (problem instanceof Error && problem.stack !== undefined) {
        write("debug", problem.stack);
      }
    },
  };
}
