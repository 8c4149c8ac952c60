import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";

/** What is wrong with one field. Readers of rules add the file and the rule. */
export class FieldProblem extends Error {
  override readonly name = "FieldProblem";
}

/** What a text has to be. */
export interface TextForm {
  readonly least?: number;
  readonly most: number;
  readonly pattern?: RegExp;
  /** What the pattern says, for people. */
  readonly said?: string;
}

/** The members of an object that a rules file has, each read as what it has to be. */
export class Fields {
  readonly #path: string;
  readonly #members: ReadonlyMap<string, JsonValue>;

  /**
   * @param path what leads to the object: `targets[0]`; nothing for the rule itself
   * @param names the members that there may be, with a small first letter. CloudFormation's spelling is taken as well: the same
   *   with a capital.
   * @throws FieldProblem
   */
  constructor(value: JsonValue | undefined, path: string, names: readonly string[]) {
    this.#path = path;
    const members = new Map<string, JsonValue>();
    for (const [written, member] of Object.entries(objectAt(value, path))) {
      const name = written.charAt(0).toLowerCase() + written.slice(1);
      if (!names.includes(name)) {
        throw new FieldProblem(`${this.#at(written)}: there is no such field; there are ${names.join(", ")}`);
      }
      if (members.has(name)) {
        throw new FieldProblem(`${this.#at(name)}: is given twice, with a small and a capital first letter`);
      }
      // An empty YAML value is null: as good as not written.
      if (member !== null && member !== undefined) {
        members.set(name, member);
      }
    }
    this.#members = members;
  }

  value(name: string): JsonValue | undefined {
    return this.#members.get(name);
  }

  /** @throws FieldProblem */
  optionalText(name: string, form: TextForm): string | undefined {
    const value = this.#members.get(name);
    return value === undefined ? undefined : textAt(value, this.#at(name), form);
  }

  /** @throws FieldProblem */
  text(name: string, form: TextForm): string {
    return this.optionalText(name, form) ?? this.#missing(name);
  }

  /** @throws FieldProblem */
  optionalNumber(name: string, least: number, most: number): number | undefined {
    const value = this.#members.get(name);
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) {
      return value as number | undefined;
    }
    throw new FieldProblem(`${this.#at(name)}: a whole number from ${least} to ${most} is needed`);
  }

  /** A list; an empty one where there is none. @throws FieldProblem */
  list(name: string): readonly JsonValue[] {
    const value = this.#members.get(name) ?? [];
    if (!Array.isArray(value)) {
      throw new FieldProblem(`${this.#at(name)}: a list is needed`);
    }
    return value as readonly JsonValue[];
  }

  /** An object of its own; undefined where there is none. @throws FieldProblem */
  optionalFields(name: string, names: readonly string[]): Fields | undefined {
    const value = this.#members.get(name);
    return value === undefined ? undefined : new Fields(value, this.#at(name), names);
  }

  /** The object's whole path to a member of it. */
  at(name: string): string {
    return this.#at(name);
  }

  #at(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }

  #missing(name: string): never {
    throw new FieldProblem(`${this.#at(name)}: is missing`);
  }
}

/** An object whose members are all texts. @throws FieldProblem */
export function textsAt(
  value: JsonValue | undefined,
  path: string,
  form: TextForm,
): Readonly<Record<string, string>> {
  const texts = Object.entries(objectAt(value, path)).map(
    ([name, member]) => [name, textAt(member, `${path}.${name}`, form)] as const,
  );
  return Object.fromEntries(texts);
}

function objectAt(value: JsonValue | undefined, path: string): JsonObject {
  if (!isJsonObject(value)) {
    throw new FieldProblem(`${path === "" ? "the rule" : path}: an object is needed`);
  }
  return value;
}

function textAt(value: JsonValue | undefined, path: string, form: TextForm): string {
  const { least = 0, most, pattern, said } = form;
  if (typeof value !== "string") {
    const help = typeof value === "number" || typeof value === "boolean" ? ": put it in quotes" : "";
    throw new FieldProblem(`${path}: a text is needed${help}`);
  }
  if (value.length < least || value.length > most) {
    throw new FieldProblem(`${path}: has ${value.length} characters; ${least} to ${most} may be`);
  }
  if (pattern !== undefined && !pattern.test(value)) {
    throw new FieldProblem(`${path}: ${said ?? `does not fit ${pattern}`}: ${value}`);
  }
  return value;
}
