import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    coverage: { include: ["shared/**", "middleware/**/*.ts"], reporter: ["text-summary", "json-summary"] },
    // They need an emulator: npm run test:emulator.
    exclude: [...configDefaults.exclude, "test/emulator/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
