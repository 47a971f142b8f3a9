// What is measured: each target is started alone on the first CPU and ended by its pid.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { stopChild } from '../services/child.mjs';
import { freePort, waitForPort } from '../services/ports.mjs';
import { Problem } from '../services/problem.mjs';
import { hasCommand, pinTo } from './load.mjs';

/** No proxy at all: the generator calls its own upstream. */
export async function direct() {
  const port = await freePort();
  return { name: 'direct', port, upstreamPort: port, pids: () => [], stop: async () => {} };
}

/** nginx as a plain reverse proxy: one worker, keep-alive upstream, no buffering of answers. */
export async function nginx({ directory }) {
  const [port, upstreamPort] = [await freePort(), await freePort()];
  const home = path.join(directory, 'nginx');
  fs.mkdirSync(home, { recursive: true });
  const config = path.join(home, 'nginx.conf');
  fs.writeFileSync(config, nginxConfig(home, port, upstreamPort));
  const child = launch('nginx', ['-c', config, '-p', home], path.join(home, 'out.log'));
  await waitForPort(port, { child, owner: 'nginx' });
  return { name: 'nginx', port, upstreamPort, pids: () => [child.pid], stop: () => stopChild(child) };
}

const nginxConfig = (home, port, upstreamPort) => `
daemon off; worker_processes 1; pid ${home}/nginx.pid; error_log ${home}/error.log; ${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 16384; }
http {
  access_log off; keepalive_requests 1000000000; client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy;
  fastcgi_temp_path ${home}/fastcgi; uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  upstream model { server 127.0.0.1:${upstreamPort}; keepalive 1024; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
  }
}
`;

const portkeyVersion = '1.15.2';

/** Portkey's open-source gateway from npm, on the same Node; its newest web framework breaks its streams, so that is pinned. */
export async function portkey({ directory, say }) {
  const home = path.join(directory, `portkey-${portkeyVersion}`);
  installPortkey(home, say);
  const [port, upstreamPort] = [await freePort(), await freePort()];
  const script = path.join(home, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  const child = launch(process.execPath, [script, '--headless', `--port=${port}`], path.join(home, 'out.log'));
  await waitForPort(port, { child, owner: 'Portkey' });
  const headers = `x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:${upstreamPort}/v1\r\n`;
  return { name: 'portkey', port, upstreamPort, headers, pids: () => [child.pid], stop: () => stopChild(child) };
}

function installPortkey(home, say) {
  if (fs.existsSync(path.join(home, 'node_modules/@portkey-ai/gateway/build/start-server.js'))) return;
  say(`installing @portkey-ai/gateway ${portkeyVersion} beside the project`);
  fs.mkdirSync(home, { recursive: true });
  const dependencies = { '@portkey-ai/gateway': portkeyVersion };
  const overrides = { '@hono/node-server': '1.13.8', hono: '4.9.7' };
  fs.writeFileSync(path.join(home, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  const result = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: home,
    stdio: 'inherit',
  });
  if (result.status !== 0) throw new Problem('Portkey could not be installed from npm; leave it out with --only.');
}

/** Starts a target on the first CPU with its output in a file. */
export function launch(command, parameters, logFile, env = process.env) {
  const log = fs.openSync(logFile, 'w');
  const [program, ...rest] = [...pinTo(0), command, ...parameters];
  return spawn(program, rest, { cwd: root, env, stdio: ['ignore', log, log] });
}

/** Installs what is missing where that is possible; says what to do where it is not. */
export function requireCommands(say) {
  const packages = { cc: 'gcc libc6-dev', nginx: 'nginx-light' };
  const missing = Object.keys(packages).filter((command) => !hasCommand(command));
  if (missing.length === 0) return;
  const names = missing.map((command) => packages[command]).join(' ');
  if (process.getuid?.() !== 0 || !hasCommand('apt-get')) throw new Problem(`Please install first: ${names}`);
  say(`installing ${names}`);
  const script = `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ${names}`;
  if (spawnSync('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) {
    throw new Problem(`Please install first: ${names}`);
  }
}
