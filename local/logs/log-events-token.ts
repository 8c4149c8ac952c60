import type { LogPosition } from "../../shared/ports/log-store.ts";
import { invalidParameter } from "./call.ts";

/** Where a page of GetLogEvents goes on: forward from behind a position, or backward from before it. */
export interface LogEventsCursor {
  readonly direction: "forward" | "backward";
  readonly position: LogPosition;
}

const LETTERS = { forward: "f", backward: "b" } as const;
const DIGITS = 16;

/** A token of CloudWatch Logs' outward form: `f/` or `b/` and digits. */
export function tokenOfCursor({ direction, position }: LogEventsCursor): string {
  const digits = [position.timestamp, position.sequence].map((number) =>
    String(number).padStart(DIGITS, "0"),
  );
  return `${LETTERS[direction]}/${digits.join("")}`;
}

/** @throws InvalidParameterException */
export function cursorOfToken(token: string): LogEventsCursor {
  const [, letter, timestamp, sequence] = /^([fb])\/(\d{16})(\d{16})$/.exec(token) ?? [];
  if (letter === undefined) {
    throw invalidParameter("The specified nextToken is invalid.");
  }
  return {
    direction: letter === LETTERS.forward ? "forward" : "backward",
    position: { timestamp: Number(timestamp), sequence: Number(sequence) },
  };
}
