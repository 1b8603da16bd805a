// Runs docs/backstage/provider.ts against a catalog, as a Backstage would, and writes as JSON what
// it hands over.
//
//   node provider.mjs BASE_URL [KIND...] < /dev/null

import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';

const file = new URL('../../docs/backstage/provider.ts', import.meta.url);
const { code } = transformSync(readFileSync(file, 'utf8'), { loader: 'ts', format: 'esm' });
const { HeadwaterEntityProvider } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const [baseUrl, ...kinds] = process.argv.slice(2);
const runner = { run: ({ fn }) => fn() };
const handed = [];
const provider = new HeadwaterEntityProvider({ baseUrl, kinds }, runner, { info() {} });
try {
  await provider.connect({ applyMutation: async mutation => handed.push(mutation) });
} catch (error) {
  handed.push({ error: error.message });
}
console.log(JSON.stringify(handed));
