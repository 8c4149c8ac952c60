import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    coverage: { include: ["shared/**", "middleware/**/*.ts"], reporter: ["text-summary", "json-summary"] },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
