/** Where a value stands in an event: the names of the members that lead to it. */
export type ValuePath = readonly string[];

/** Members of an event that are always there and name it: they cannot be redacted. */
const NEEDED = new Set(["version", "eventSource", "eventName", "eventTime", "UID"]);

/**
 * Makes the test for paths whose values are hidden. A path is that of the member in `eventData`, with dots
 * (`requestParameters.body.note`) or as a list of names where a name has dots. `*` is any one name. An element of a
 * list has the path of the list, as in event patterns.
 * @throws TypeError if a path is empty or names what each event needs
 */
export function redactionPathTest(
  paths: readonly (string | readonly string[])[],
): (path: ValuePath) => boolean {
  const patterns = paths.map((path) => {
    const names = typeof path === "string" ? path.split(".") : path;
    if (names.length === 0 || names.includes("") || NEEDED.has(names[0] ?? "")) {
      throw new TypeError(`Not a path that can be redacted: ${JSON.stringify(path)}`);
    }
    return names;
  });
  return (path) =>
    patterns.some(
      (names) =>
        names.length === path.length && names.every((name, index) => name === "*" || name === path[index]),
    );
}
