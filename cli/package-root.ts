import { existsSync } from "node:fs";
import path from "node:path";

/** The folder of the package, in a clone as in an installed package (where the command is in `dist/cli`). */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package.json"))) {
    const parent = path.dirname(folder);
    if (parent === folder) {
      throw new Error(`No package.json above ${import.meta.dirname}`);
    }
    folder = parent;
  }
  return folder;
}
