import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files are numbered: the last of them removes the stack. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.sort((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: ["test/emulator/*.test.ts"],
    globalSetup: ["test/emulator/global-setup.ts"],
    sequence: { sequencer: ByName },
    fileParallelism: false,
    bail: 1,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
