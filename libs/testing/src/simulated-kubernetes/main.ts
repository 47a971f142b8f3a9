import { readFileSync } from 'node:fs';
import { SimulatedKubernetes } from './simulated-kubernetes.ts';

// For a look at it by hand: `node libs/testing/src/simulated-kubernetes/main.ts PORT DEFINITIONS.json`.
const [port = '8001', file] = process.argv.slice(2);
const definitions = file === undefined ? [] : (JSON.parse(readFileSync(file, 'utf8')) as object[]);
const server = new SimulatedKubernetes({ definitions });
await server.listen(Number(port));
process.stdout.write(`simulated Kubernetes at ${server.url}\n`);
