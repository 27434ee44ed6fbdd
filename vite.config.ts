import { defineConfig } from "vitest/config";

const out = "src/codetrack/web/static/dist";

export default defineConfig({
  root: "frontend",
  base: "/static/dist/",
  publicDir: false,
  cacheDir: "../node_modules/.vite",
  build: {
    outDir: `../${out}`,
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    target: "es2023",
    rollupOptions: { input: ["frontend/entries/main.ts"] },
  },
  test: {
    environment: "jsdom",
    pool: "vmThreads", // each file has a window of its own, but jsdom is loaded once
    include: ["tests/**/*.test.ts"],
  },
});
