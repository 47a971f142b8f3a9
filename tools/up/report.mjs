import fs from 'node:fs';
import path from 'node:path';
import { demoModel } from './first-run-documents.mjs';

/** Everything a user or a script needs to use this installation; the last line of `npm run up`. */
export function readyDocument({ ports, secrets, pids }) {
  const controlPlane = `http://127.0.0.1:${ports.controlPlane}`;
  return {
    gateway: `http://127.0.0.1:${ports.gateway}`,
    controlPlane,
    console: controlPlane,
    gatewayOperations: `http://127.0.0.1:${ports.gatewayOperations}`,
    controlPlaneOperations: `http://127.0.0.1:${ports.controlPlaneOperations}`,
    simulatedUpstream: pids.simulatedUpstream ? `http://127.0.0.1:${ports.simulatedUpstream}` : null,
    adminEmail: secrets.adminEmail,
    adminPassword: secrets.adminPassword,
    adminToken: secrets.adminToken,
    virtualKey: secrets.virtualKey,
    pids,
  };
}

/** Writes `ready.json` (0600) and prints the summary; the line that starts with "ready" comes last. */
export function report(data, ready) {
  const line = JSON.stringify(ready);
  fs.writeFileSync(path.join(data, 'ready.json'), `${line}\n`, { mode: 0o600 });
  console.log(summary(ready));
  console.log(`ready ${line}`);
}

function summary(ready) {
  const lines = [
    '',
    `  Console      ${ready.console}   login ${ready.adminEmail} / ${ready.adminPassword}`,
    `  Admin API    ${ready.controlPlane}/api/v1   (described at ${ready.controlPlane}/api/docs)   token ${ready.adminToken}`,
    `  Gateway      ${ready.gateway}/v1`,
  ];
  if (ready.virtualKey) lines.push(`  Virtual key  ${ready.virtualKey}`, '', 'Try it:', '', curl(ready));
  return `${lines.join('\n')}\n`;
}

function curl({ gateway, virtualKey }) {
  const body = JSON.stringify({ model: demoModel, stream: true, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `  curl -N ${gateway}/v1/chat/completions \\`,
    `    -H 'Authorization: Bearer ${virtualKey}' \\`,
    `    -H 'Content-Type: application/json' \\`,
    `    -d '${body}'`,
  ].join('\n');
}
