import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

// Stands for the command `func` of Core Tools in tests of what it is started with: writes that down, and answers what is asked of a
// host until it is ready, in the shapes of the real one.
const behaviour = z.enum(['serves', 'never ready', 'bad settings', 'ends']).parse(process.env['FAKE_FUNC']);
const validation = z.tuple([z.object({ data: z.object({ validationCode: z.string() }) })]);
const [command, ...options] = process.argv.slice(2);

// The host has a worker below it, which does not end by itself.
const worker = spawn('tail', ['-f', '/dev/null'], { stdio: 'ignore' });
const record = {
  args: [command, ...options],
  env: process.env,
  cwd: process.cwd(),
  manifest: z.unknown().parse(JSON.parse(readFileSync('package.json', 'utf8'))),
  hostJson: readFileSync('host.json', 'utf8'),
  worker: worker.pid,
};
writeFileSync(process.env['FAKE_FUNC_RECORD'] ?? '', JSON.stringify(record));
if (behaviour === 'ends') process.exit(3);
createServer((request, response) => void answer(request, response)).listen(Number(options[1]), '127.0.0.1');

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (request.url ?? '') {
    case '/api/health':
      if (behaviour === 'bad settings') {
        response
          .writeHead(503)
          .end(JSON.stringify({ status: 'badSettings', settings: ['ACI_MAX_CPU: expected more'] }));
        return;
      }
      response.writeHead(behaviour === 'serves' ? 200 : 404).end();
      return;
    case '/admin/functions':
      response.end(JSON.stringify([{ name: 'ACIMonitor', config: { bindings: [{ type: 'eventGridTrigger' }] } }]));
      return;
    case '/runtime/webhooks/eventgrid?functionName=ACIMonitor': {
      const [{ data }] = validation.parse(await json(request));
      response.end(JSON.stringify({ validationResponse: data.validationCode }));
      return;
    }
    default:
      response.writeHead(404).end();
  }
}
