import path from "node:path";
import { Database } from "../../shared/adapters/local/database.ts";
import { OPENTRAIL_SCHEMA } from "../../shared/adapters/local/schema.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** An `opentrail.db` in a folder of its own, which can be closed and opened again as a new process would. */
export interface LocalDatabase {
  readonly database: Database;
  /** Closes the database and opens the same file anew. */
  reopen(): LocalDatabase;
  /** Closes the database and removes its folder. */
  remove(): void;
}

export function localDatabase(folder = temporaryFolder()): LocalDatabase {
  const database = new Database(path.join(folder.path, "opentrail.db"), OPENTRAIL_SCHEMA);
  return {
    database,
    reopen: () => {
      database.close();
      return localDatabase(folder);
    },
    remove: () => {
      database.close();
      folder.remove();
    },
  };
}
