/**
 * Names whose values are not recorded. One of five letters or more is found anywhere in a name, whatever its case and
 * separators (`apiKey` in `x-api-key`); a shorter one is a word of the name (`pin` in `cardPin`, and not in `shipping`).
 */
export const SECRET_NAMES: readonly string[] = [
  "password",
  "passwd",
  "passphrase",
  "passcode",
  "pwd",
  "pin",
  "otp",
  "secret",
  "token",
  "jwt",
  "bearer",
  "apiKey",
  "privateKey",
  "signingKey",
  "encryptionKey",
  "credential",
  "authorization",
  "cookie",
  "sessionId",
  "signature",
  "cardNumber",
  "creditCard",
  "cvv",
  "cvc",
  "iban",
  "ssn",
  "socialSecurity",
];

/** A listed name of this length or more is found anywhere in a name. */
const SHORTEST_PART = 5;

/** More names than a service's API has; beyond it the names are made by callers. */
const MOST_REMEMBERED = 2_000;

/** Names longer than this are not worth remembering. */
const LONGEST_REMEMBERED = 64;

/**
 * Makes the test for names whose values are hidden.
 * @param names as in SECRET_NAMES
 * @param except whole names that are not hidden all the same, in any case and with any separators
 * @throws TypeError if a name has neither a letter nor a digit
 */
export function secretNameTest(
  names: readonly string[],
  except: readonly string[] = [],
): (name: string) => boolean {
  const listed = names.map(lettersOf);
  const allowed = new Set(except.map(lettersOf));
  const parts = anyOf(listed.filter((name) => name.length >= SHORTEST_PART));
  const words = new Set(listed.filter((name) => name.length < SHORTEST_PART));
  const anyWord = anyOf([...words]);
  const remembered = new Map<string, boolean>();

  function isSecret(name: string): boolean {
    const letters = plain(name);
    if (allowed.has(letters)) return false;
    if (parts.test(letters)) return true;
    // Few names are worth taking apart: callers may send thousands that nobody has seen before.
    if (!anyWord.test(letters)) return false;
    return words.has(letters) || wordsOf(name).some((word) => words.has(word));
  }

  return (name) => {
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const secret = isSecret(name);
    if (name.length <= LONGEST_REMEMBERED && remembered.size < MOST_REMEMBERED) remembered.set(name, secret);
    return secret;
  };
}

function lettersOf(name: string): string {
  const letters = plain(name);
  if (letters === "") throw new TypeError(`Not a name that can be redacted: ${JSON.stringify(name)}`);
  return letters;
}

/** Letters and digits need no escapes. An empty list is found nowhere. */
function anyOf(names: readonly string[]): RegExp {
  return names.length === 0 ? /(?!)/ : new RegExp(names.join("|"), "u");
}

/** Letters and digits alone, in lower case; letters that only look different become the same. */
function plain(name: string): string {
  if (/^[ -~]*$/.test(name)) return name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** The words of camelCase, snake_case, kebab-case and their mixtures. */
function wordsOf(name: string): readonly string[] {
  return name
    .normalize("NFKC")
    .split(/[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u)
    .map(plain);
}
