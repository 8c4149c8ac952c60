import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataFolderInUse, openDataFolder } from "../../../../shared/adapters/local/data-folder.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

describe("data folder", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let dataDir: string;

  beforeEach(() => {
    folder = temporaryFolder();
    dataDir = path.join(folder.path, "deep", "data");
  });

  afterEach(() => folder.remove());

  it.skipIf(process.platform === "win32")("a new folder is open to its owner alone", () => {
    const { close } = openDataFolder(dataDir);

    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    close();
  });

  it.skipIf(process.platform !== "linux")(
    "below a folder that takes none it fails, and does not hang",
    () => {
      expect(() => openDataFolder("/proc/opentrail/data")).toThrow("ENOENT");
    },
  );

  it("a folder below a file is refused", () => {
    writeFileSync(path.join(folder.path, "deep"), "");

    expect(() => openDataFolder(dataDir)).toThrow("ENOTDIR");
  });

  it("a folder that is open cannot be opened again, until it is closed", () => {
    const first = openDataFolder(dataDir);

    expect(() => openDataFolder(dataDir)).toThrow(DataFolderInUse);
    first.close();
    openDataFolder(dataDir).close();
  });

  it("the error names the folder and the process that has it", async () => {
    const holder = await holdInProcess(dataDir);

    expect(() => openDataFolder(dataDir)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`${dataDir} is in use`) }),
    );
    expect(() => openDataFolder(dataDir)).toThrow(`process ${holder.pid}`);
    await kill(holder);
  });

  it("a process that is killed leaves no lock behind", async () => {
    const holder = await holdInProcess(dataDir);

    await kill(holder);

    openDataFolder(dataDir).close();
  });
});

/** Starts a process that opens the folder and keeps it open. */
async function holdInProcess(dataDir: string): Promise<ChildProcess> {
  const module = path.join(import.meta.dirname, "../../../../shared/adapters/local/data-folder.ts");
  const script = `
    const { openDataFolder } = await import(${JSON.stringify(module)});
    globalThis.folder = openDataFolder(${JSON.stringify(dataDir)});
    console.log("open");
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}
