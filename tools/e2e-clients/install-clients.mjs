import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { Problem } from '../services/problem.mjs';
import { runCommand } from '../services/run-command.mjs';

const wanted = path.join(root, 'e2e/agents/packages');
const folder = path.join(root, '.penstock/clients');
const stamp = path.join(folder, '.installed');
/** Claude Code's binary comes in a package of its own, which only its install script puts into place. */
const claudeInstaller = path.join(folder, 'node_modules/@anthropic-ai/claude-code/install.cjs');

/** Installs the clients at their pinned versions below `.penstock/`, unless they are there already. */
export async function installClients(say) {
  const files = ['package.json', 'package-lock.json'];
  const texts = files.map((file) => fs.readFileSync(path.join(wanted, file)));
  const version = crypto.createHash('sha256').update(Buffer.concat(texts)).digest('hex');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === version) return;
  fs.mkdirSync(folder, { recursive: true });
  for (const file of files) fs.copyFileSync(path.join(wanted, file), path.join(folder, file));
  say('installing the clients below .penstock/clients (0.9 GB)');
  await must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  await must(process.execPath, [claudeInstaller]);
  fs.writeFileSync(stamp, version);
}

async function must(command, args) {
  const { code, output } = await runCommand(command, args, { cwd: folder });
  if (code !== 0) throw new Problem(`'${command} ${args.join(' ')}' failed in ${folder}:\n${output.slice(-2000)}`);
}
