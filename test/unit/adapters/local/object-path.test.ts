import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeName, isObjectKey, pathOfKey } from "../../../../shared/adapters/local/object-path.ts";

/** Keys made of what file systems trip over. */
const key = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ".",
        "..",
        "%",
        "%~",
        "%2E",
        "/",
        "//",
        "\\",
        "\0",
        ":",
        " ",
        "con",
        "CON.txt",
        "a\u0308",
        "ä",
      ),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }),
      fc.string({ unit: fc.constantFrom("a", "ü", "%"), minLength: 150, maxLength: 300 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(""))
  .filter(isObjectKey);

describe("path of a key", () => {
  it("a key of plain segments is its own path", () => {
    const digest =
      "AWSLogs/111122223333/CloudTrail-Digest/us-gov-east-1/2026/01/01/111122223333_CloudTrail-Digest_us-gov-east-1_" +
      `${"n".repeat(120)}_us-gov-east-1_20260101T000000Z.json.gz`;
    const keys = [digest, "a b/(c)+d=e&f@g,h;i'j~k!$.txt", "ünïcode/日本", ".hidden/x.y"];

    for (const plain of keys) {
      expect(pathOfKey(plain).join("/")).toBe(plain);
    }
  });

  it.each([
    ["../../etc/passwd", [".%2E", ".%2E", "etc", "passwd"]],
    ["./a", ["%2E", "a"]],
    ["/a", ["%", "a"]],
    ["a//b", ["a", "%", "b"]],
    ["a/", ["a", "%"]],
    ["a\\b", ["a%5Cb"]],
    ["a\0b", ["a%00b"]],
    ["100%", ["100%25"]],
    ["C:", ["C%3A"]],
    ["Con/nul.txt/com1", ["%43on", "%6Eul.txt", "%63om1"]],
    ["end. /end.", ["end.%20", "end%2E"]],
  ])("%j becomes %j", (unsafe, path) => {
    expect(pathOfKey(unsafe)).toEqual(path);
  });

  it("two spellings of one letter stay two keys", () => {
    expect(pathOfKey("ä")).toEqual(["ä"]);
    expect(pathOfKey("a\u0308")).toEqual(["a%CC%88"]);
  });

  it("every key comes back from its path", () => {
    fc.assert(
      fc.property(key, (original) => {
        const names = pathOfKey(original).map(decodeName);

        const back = names.map((name) => (name?.continued ? name.text : `${name?.text}/`)).join("");

        expect(back).toBe(`${original}/`);
      }),
    );
  });

  it("every name is one that file systems take as it is", () => {
    fc.assert(
      fc.property(key, (original) => {
        for (const name of pathOfKey(original)) {
          expect(Buffer.byteLength(`${name}%.json`)).toBeLessThanOrEqual(255);
          expect(name).not.toMatch(/^$|^\.\.?$|[/\\:*?"<>|]|[. ]$/);
          expect(name).toBe(name.normalize("NFC"));
          expect([...name].every((character) => character >= " " && character !== "\u007f")).toBe(true);
        }
      }),
    );
  });

  it("different keys have different paths", () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        fc.pre(one !== other);

        expect(pathOfKey(one).join("/")).not.toBe(pathOfKey(other).join("/"));
      }),
    );
  });

  it.each(["a:b", "%zz", "%41", "%2e", "con", "a.", "%C3", "%%"])("%j is the name of no key", (name) => {
    expect(decodeName(name)).toBeUndefined();
  });

  it.each([
    ["", false],
    ["a".repeat(1024), true],
    ["ü".repeat(513), false],
    ["\ud800", false],
  ])("whether %j is a key", (text, isKey) => {
    expect(isObjectKey(text)).toBe(isKey);
  });
});
