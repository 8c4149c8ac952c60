import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import path from "node:path";
import { UnreadableInput } from "../shared/ingest/record-splitter.ts";
import { CommandFailure, describeError } from "./command-failure.ts";

/** Something to read records from. */
export interface InputFile {
  /** What people are told: the path as it was given, `-` for standard input. */
  readonly label: string;
  /** Bytes as stored; undefined where that is not known before the end. */
  readonly size: number | undefined;
  /**
   * Its bytes in large chunks. Standard input can be opened once, files as often as needed.
   * @throws UnreadableInput where they cannot be read
   */
  open(): AsyncIterable<Buffer>;
}

/** What an argument names, and what of it is left alone. */
export interface InputList {
  readonly files: readonly InputFile[];
  /** Files in folders that are no records by their name. */
  readonly skipped: readonly string[];
}

const RECORD_FILE = /\.(?:json|jsonl|ndjson)(?:\.gz)?$/i;

/**
 * The files that an argument names: a file whatever its name, a folder's files (also of folders in it) that end
 * in .json, .jsonl or .ndjson with or without .gz, in the order of their paths.
 * @throws CommandFailure if there is no such file
 */
export async function listInputs(name: string): Promise<InputList> {
  const entry = await stat(name).catch((cause: unknown) => {
    throw new CommandFailure(`There is no file or folder ${name}`, { cause });
  });
  if (!entry.isDirectory()) {
    return { files: [fileInput(name, name, entry.size)], skipped: [] };
  }
  const files: InputFile[] = [];
  const skipped: string[] = [];
  const entries = await readdir(name, { recursive: true, withFileTypes: true });
  for (const filePath of entries.map((found) => path.join(found.parentPath, found.name)).sort()) {
    const found = await stat(filePath);
    if (found.isFile() && RECORD_FILE.test(filePath)) {
      files.push(fileInput(filePath, filePath, found.size));
    } else if (found.isFile()) {
      skipped.push(filePath);
    }
  }
  return { files, skipped };
}

/** Writes a stream (standard input) to a file, so that it can be read twice. */
export async function spool(source: AsyncIterable<Buffer>, filePath: string): Promise<InputFile> {
  const file = await open(filePath, "wx", 0o600);
  let size = 0;
  try {
    for await (const chunk of source) {
      await file.writeFile(chunk);
      size += chunk.length;
    }
  } finally {
    await file.close();
  }
  return fileInput("-", filePath, size);
}

/** A stream as it comes. */
export function streamInput(source: AsyncIterable<Buffer>): InputFile {
  return { label: "-", size: undefined, open: () => readable(source) };
}

function fileInput(label: string, filePath: string, size: number): InputFile {
  return { label, size, open: () => readable(createReadStream(filePath, { highWaterMark: 1024 * 1024 })) };
}

async function* readable(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* source;
  } catch (cause) {
    throw new UnreadableInput(describeError(cause), { cause });
  }
}
