const ALWAYS_EXACT = /^-?[\d.]{1,15}$/;
const DECIMAL = /^-?(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * The double that a JSON number is compared as, or undefined where no double says exactly that decimal (too
 * large, too small or too many digits): EventBridge compares such a number by its text only.
 */
export function comparableNumber(text: string): number | undefined {
  const value = Number(text);
  if (ALWAYS_EXACT.test(text)) {
    return value;
  }
  return Number.isFinite(value) && decimal(text) === decimal(spelling(value)) ? value : undefined;
}

/**
 * The digits that a double is known by: the fewest that tell it from its neighbours, but two at least, which
 * makes a difference for the very smallest only (Java's Double.toString, by which the engine goes).
 */
function spelling(value: number): string {
  const shortest = String(value);
  return /^-?\de/.test(shortest) ? value.toPrecision(2) : shortest;
}

/** One spelling for every way to write a decimal, without its sign (a double keeps that). */
function decimal(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") {
    return "0";
  }
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
