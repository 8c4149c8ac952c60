import { Presets, SingleBar } from "cli-progress";
import { formatBytes, formatNumber } from "./format.ts";
import type { SendProgress } from "./send-records.ts";

/** Shows how far sending has come. */
export interface ProgressDisplay {
  update(progress: SendProgress): void;
  stop(): void;
}

/** Between two lines of a display that is no terminal, in milliseconds. */
const LINE_INTERVAL = 5_000;

/**
 * A bar on a terminal, else a line now and then.
 * @param totalBytes of all inputs, as stored; undefined where it is not known: then there is no bar
 */
export function progressDisplay(out: NodeJS.WriteStream, totalBytes: number | undefined): ProgressDisplay {
  return out.isTTY && totalBytes !== undefined ? barDisplay(out, totalBytes) : lineDisplay(out, totalBytes);
}

function barDisplay(out: NodeJS.WriteStream, totalBytes: number): ProgressDisplay {
  const bar = new SingleBar(
    {
      stream: out,
      format: "{bar} {percentage}% | {records} records, {rejected} rejected | {eta_formatted} left",
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  bar.start(Math.max(totalBytes, 1), 0, { records: "0", rejected: "0" });
  return {
    update: ({ bytes, accepted, rejected }) =>
      bar.update(bytes, { records: formatNumber(accepted), rejected: formatNumber(rejected) }),
    stop: () => bar.stop(),
  };
}

function lineDisplay(out: NodeJS.WriteStream, totalBytes: number | undefined): ProgressDisplay {
  const total = totalBytes === undefined ? "" : ` of ${formatBytes(totalBytes)}`;
  let shownAt = Date.now();
  return {
    update: ({ bytes, accepted, rejected }) => {
      if (Date.now() - shownAt >= LINE_INTERVAL) {
        shownAt = Date.now();
        out.write(
          `${formatBytes(bytes)}${total} read, ${formatNumber(accepted)} accepted, ${formatNumber(rejected)} rejected\n`,
        );
      }
    },
    stop: () => {},
  };
}
