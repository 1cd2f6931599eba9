import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';

// A program for tests: says what it was given, in one line, and then does what its arguments say.
const [does = 'wait', value = ''] = process.argv.slice(2);
process.on('SIGTERM', () => {
  process.stdout.write('SIGTERM\n');
  if (does !== 'ignore') process.exit(0);
});

const child = does === 'spawn' ? spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']) : undefined;
const facts = { pid: process.pid, keeper: process.ppid, child: child?.pid, environment: process.env };
process.stdout.write(`${JSON.stringify(facts)}\n`);
process.stderr.write('a line of stderr\n');
if (does === 'exit') process.exit(Number(value));

const port = Number(process.env['LOCAL_PORT_UDP_7777'] ?? 0);
const socket = createSocket('udp4');
socket.on('message', (message, { port: from, address }) => socket.send(message, from, address));
socket.bind(port, process.env['LOCAL_ADDRESS']);
