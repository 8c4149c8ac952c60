import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { InvalidRulesFile } from "../../shared/rule-set/invalid-rules-file.ts";
import { readRulesFiles } from "../../shared/rule-set/read-rules-file.ts";
import type { SetRule } from "../../shared/rule-set/set-rule.ts";
import { describeError } from "../command-failure.ts";

const RULES_FILE = /\.(?:ya?ml|json)$/i;

/**
 * The rules of files and folders. Of a folder, also of folders in it, those that end in .yml, .yaml or .json are read.
 * @throws InvalidRulesFile
 */
export async function readRules(names: readonly string[]): Promise<readonly SetRule[]> {
  const paths = (await Promise.all(names.map(filesOf))).flat();
  const files = await Promise.all(
    [...new Set(paths)].map(async (name) => ({ name, text: await orProblem(name, readFile(name, "utf8")) })),
  );
  return readRulesFiles(files);
}

async function filesOf(name: string): Promise<readonly string[]> {
  const entry = await orProblem(name, stat(name));
  if (!entry.isDirectory()) {
    return [name];
  }
  const entries = await orProblem(name, readdir(name, { recursive: true, withFileTypes: true }));
  const files = entries
    .filter((found) => found.isFile() && RULES_FILE.test(found.name))
    .map((found) => path.join(found.parentPath, found.name))
    .sort();
  if (files.length === 0) {
    throw new InvalidRulesFile([`${name}: there is no .yml, .yaml or .json file in the folder`]);
  }
  return files;
}

async function orProblem<T>(name: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new InvalidRulesFile([`${name}: ${describeError(cause)}`], { cause });
  }
}
