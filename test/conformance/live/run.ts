import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readAzureSettings } from '../arm/azure.ts';

const read = readAzureSettings(process.env);
if (read.ok) {
  const { endpoint, location, resourceGroup, subscriptionId } = read.settings;
  process.stdout.write(`${endpoint}, subscription ${subscriptionId}, resource group ${resourceGroup}, ${location}\n`);
  const config = join(import.meta.dirname, 'vitest.config.ts');
  const tests = spawn('vitest', ['run', '--config', config, ...process.argv.slice(2)], { stdio: 'inherit' });
  await once(tests, 'exit');
  process.exitCode = tests.exitCode ?? 1;
} else {
  process.stderr.write(`${read.missing}\n`);
  process.exitCode = 1;
}
