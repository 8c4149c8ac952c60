const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:?00)$/;

/** The last time that was read: records come in the order of time, and many in a second. */
let last: { readonly text: string; readonly time: number | undefined } = { text: "", time: undefined };

/**
 * Reads an eventTime: ISO 8601 in UTC with seconds, fractions of them allowed (`2024-07-30T21:31:10Z`).
 * Gives milliseconds since the epoch, or undefined if it is no such time (the 31st of February is none).
 */
export function parseEventTime(text: string): number | undefined {
  if (text !== last.text) {
    last = { text, time: read(text) };
  }
  return last.time;
}

function read(text: string): number | undefined {
  const match = FORM.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second, fraction = ""] = match;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  time.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds);
  // A leap second (23:59:60) is a real time and rolls over; every other overflow is a mistake.
  const isDate = time.getUTCMonth() === Number(month) - 1 || second === "60";
  return isDate && Number(month) >= 1 && Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60
    ? time.getTime()
    : undefined;
}
