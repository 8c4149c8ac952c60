/** Writes the sample story into `events/`. Run it after a change of `scripts/story`. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { storyFiles } from "./story/story.ts";

const root = path.join(import.meta.dirname, "..", "events");
for (const { path: name, text } of storyFiles()) {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  process.stdout.write(`events/${name}\n`);
}
