import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/**
 * Makes `shared/api/service-model.json` and `shared/api/service-types.ts` from botocore's service models:
 *
 *     node scripts/service-model.ts <folder botocore/data> && biome check --write shared/api
 *
 * Documentation is left out. The JSON is what requests are checked against; the types are the same shapes for
 * the compiler.
 */

interface SourceMember {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
}

interface SourceShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, SourceMember>>;
  readonly member?: SourceMember;
  readonly key?: SourceMember;
  readonly value?: SourceMember;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly exception?: boolean;
  readonly error?: { readonly httpStatusCode?: number };
}

interface SourceOperation {
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly errors?: readonly { readonly shape: string }[];
}

interface SourceModel {
  readonly metadata: { readonly targetPrefix?: string };
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly shapes: Readonly<Record<string, SourceShape>>;
}

const SERVICES = {
  cloudtrail: "cloudtrail/2013-11-01",
  "cloudtrail-data": "cloudtrail-data/2021-08-11",
} as const;

function readModel(dataFolder: string, service: string): SourceModel {
  const file = path.join(dataFolder, service, "service-2.json");
  const text = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
  return JSON.parse(text.toString("utf8")) as SourceModel;
}

function compactMember({ shape, location, locationName }: SourceMember): object {
  return { shape, ...(location && { location, locationName }) };
}

function compactShape(shape: SourceShape): object {
  const { type, required, members, member, key, value, min, max, pattern } = shape;
  return {
    type,
    ...(required && { required }),
    ...(members && {
      members: Object.fromEntries(Object.entries(members).map(([name, each]) => [name, compactMember(each)])),
    }),
    ...(member && { member: compactMember(member) }),
    ...(key && { key: compactMember(key) }),
    ...(value && { value: compactMember(value) }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(pattern !== undefined && { pattern }),
    ...(shape.enum && { enum: shape.enum }),
    // JSON protocols answer 400 to an error whose shape names no status.
    ...(shape.exception && { httpStatusCode: shape.error?.httpStatusCode ?? 400 }),
  };
}

function compactModel(model: SourceModel): object {
  const operations = Object.entries(model.operations).map(([name, { input, output, errors = [] }]) => [
    name,
    { input: input?.shape, output: output?.shape, errors: errors.map(({ shape }) => shape) },
  ]);
  const shapes = Object.entries(model.shapes).map(([name, shape]) => [name, compactShape(shape)]);
  return {
    ...(model.metadata.targetPrefix && { targetPrefix: model.metadata.targetPrefix }),
    operations: Object.fromEntries(operations),
    shapes: Object.fromEntries(shapes),
  };
}

const SCALARS: Readonly<Record<string, string>> = {
  string: "string",
  blob: "string",
  boolean: "boolean",
  integer: "number",
  long: "number",
  float: "number",
  double: "number",
  timestamp: "number",
};

/** The TypeScript type of a shape, written out where it stands unless it is a structure. */
function typeOf(model: SourceModel, name: string): string {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`The model has no shape ${name}`);
  if (shape.type === "structure") return name;
  if (shape.type === "list") return `readonly ${parenthesized(typeOf(model, shape.member?.shape ?? ""))}[]`;
  if (shape.type === "map") return `Readonly<Record<string, ${typeOf(model, shape.value?.shape ?? "")}>>`;
  if (shape.enum) return shape.enum.map((value) => JSON.stringify(value)).join(" | ");
  const scalar = SCALARS[shape.type];
  if (!scalar) throw new Error(`No TypeScript type for ${shape.type} (${name})`);
  return scalar;
}

function parenthesized(type: string): string {
  return type.includes("|") || type.startsWith("readonly ") ? `(${type})` : type;
}

/** The structures that a shape is made of, itself included. */
function reachable(model: SourceModel, name: string, seen: Set<string>): void {
  if (seen.has(name)) return;
  seen.add(name);
  const shape = model.shapes[name];
  for (const part of [...Object.values(shape?.members ?? {}), shape?.member, shape?.key, shape?.value]) {
    if (part) reachable(model, part.shape, seen);
  }
}

function interfaceOf(model: SourceModel, name: string, isInput: boolean): string {
  const { members = {}, required = [] } = model.shapes[name] ?? { type: "structure" };
  const lines = Object.entries(members).map(([member, { shape }]) => {
    const optional = required.includes(member) ? "" : "?";
    // An answer may name a member that is not set: it is left out when it is written.
    const orUndefined = optional && !isInput ? " | undefined" : "";
    return `  readonly ${member}${optional}: ${typeOf(model, shape)}${orUndefined};`;
  });
  if (lines.length === 0) return `type ${name} = Readonly<Record<string, never>>;\n`;
  return `interface ${name} {\n${lines.join("\n")}\n}\n`;
}

function types(model: SourceModel): string {
  const inputs = new Set<string>();
  const outputs = new Set<string>();
  for (const { input, output } of Object.values(model.operations)) {
    if (input) reachable(model, input.shape, inputs);
    if (output) reachable(model, output.shape, outputs);
  }
  const structures = [...new Set([...inputs, ...outputs])]
    .filter((name) => model.shapes[name]?.type === "structure")
    .sort()
    .map((name) => interfaceOf(model, name, inputs.has(name)));
  const table = (kind: "input" | "output"): string =>
    Object.entries(model.operations)
      .map(
        ([name, operation]) =>
          `  readonly ${name}: ${operation[kind]?.shape ?? "Readonly<Record<string, never>>"};`,
      )
      .join("\n");
  return `// Made by scripts/service-model.ts from the service model. Timestamps are seconds since the epoch.

${structures.join("\n")}
/** What each operation takes. */
export interface OperationInputs {
${table("input")}
}

/** What each operation answers. */
export interface OperationOutputs {
${table("output")}
}
`;
}

const [dataFolder] = process.argv.slice(2);
if (!dataFolder) {
  console.error("usage: node scripts/service-model.ts <folder botocore/data>");
  process.exit(2);
}
const models = Object.entries(SERVICES).map(
  ([name, folder]) => [name, readModel(dataFolder, folder)] as const,
);
const target = path.join(import.meta.dirname, "../shared/api");
const compact = Object.fromEntries(models.map(([name, model]) => [name, compactModel(model)]));
writeFileSync(path.join(target, "service-model.json"), `${JSON.stringify(compact)}\n`);
writeFileSync(path.join(target, "service-types.ts"), types(readModel(dataFolder, SERVICES.cloudtrail)));
