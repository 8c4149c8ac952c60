import { existsSync, readdirSync } from "node:fs";
import { corpusPath } from "./corpus.ts";

/** The files of real records in the corpus; none where there is no corpus. */
export const CORPUS_SOURCES: readonly string[] = existsSync(corpusPath("records"))
  ? readdirSync(corpusPath("records")).sort()
  : [];
