import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { containerCommand, REPORTED } from '../../../../smoke/steps/container-command.ts';

test('the container reports no sessions to the address that it was given, and prints nothing of that', async () => {
  const [shell, option, script = ''] = containerCommand();
  expect([shell, option]).toEqual(['/bin/sh', '-c']);
  // The image's own program is not here, and has nothing to do with the report.
  const reporting = / *node -e '(?<report>[^']+)' & exec node \/usr\/src\/app\/index\.js$/.exec(script)?.groups?.[
    'report'
  ];
  const received: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push(`${request.method} ${request.url} ${body}`);
      return response.writeHead(200).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '-e', reporting ?? ''], {
      env: { ACI_SET_SESSIONS_URL: `${origin}/api/ACIReport/games/one?sig=hunter2` },
    });
    expect(stdout).toBe(`${REPORTED} 200\n`);
    expect(received).toEqual(['POST /api/ACIReport/games/one?sig=hunter2 {"activeSessions":0}']);
  } finally {
    server.close();
  }
});

test('a report that does not get through is told by its code alone', async () => {
  const report = / node -e '([^']+)'/.exec(` ${containerCommand()[2]}`)?.[1] ?? '';
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '-e', report], {
    env: { ACI_SET_SESSIONS_URL: 'http://127.0.0.1:1/api/ACIReport/games/one?sig=hunter2' },
  });
  expect(stdout).toBe('session report failed: ECONNREFUSED\n');
});
