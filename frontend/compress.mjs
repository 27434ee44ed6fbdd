/** Lays a .br and a .gz beside every built file; WhiteNoise sends them in its place. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const assets = "src/codetrack/web/static/dist/assets";

for (const name of readdirSync(assets)) {
  const path = join(assets, name);
  const content = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(content));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
