// A game server as durable-aci wants it: it counts its players, says so in its reports, learns from their answers that it is to drain, lets
// its players finish, and ends in order. What players send: `join NAME`, `ping`, `leave`.
import { createSocket } from 'node:dgram';
import { type Player, Players } from './players.ts';
import { createReport } from './report.ts';

const PORT = 9000;
const { env } = process;
const maxPlayers = Number(env['MAX_PLAYERS'] ?? 64);
const playerTimeoutMs = Number(env['PLAYER_TIMEOUT_SECONDS'] ?? 15) * 1000;
const reportIntervalMs = Number(env['REPORT_SECONDS'] ?? 30) * 1000;
/** After a report that nobody took. */
const RETRY_MS = 2_000;
/** Less than the half minute in which a container has to end. */
const LAST_REPORT_MS = 5_000;

const players = new Players();
const report = createReport(env['ACI_SET_SESSIONS_URL'], Date.now());
const socket = createSocket('udp4');
let isDraining = false;
/** Says that there is something new to report. */
let tellReporter = Promise.withResolvers<string>();

socket.on('message', (message, { address, port }) => {
  const [command, name = ''] = message.toString().trim().split(' ');
  const player = players.find(address, port);
  if (player) player.heardAtMs = Date.now();
  if (command === 'join' && /^[\w-]{1,20}$/.test(name)) join(player, { name, address, port });
  if (command === 'ping' && player?.state === 'playing') send(player, 'pong');
  if (command === 'leave' && player) leave(player, 'bye');
});
// In Azure a container has an address of its own. On a laptop it shares one, and is told where there is room.
socket.bind(Number(env[`LOCAL_PORT_UDP_${PORT}`] ?? PORT), env['LOCAL_ADDRESS'] ?? '0.0.0.0', () => {
  const { address, port } = socket.address();
  log(`listening on ${address}:${port}/udp`);
});
setInterval(forgetTheSilent, 1_000);
process.on('SIGTERM', () => void stop());
await reportUntilDrained();

function join(known: Player | undefined, who: Pick<Player, 'name' | 'address' | 'port'>): void {
  // UDP loses packets, and so players ask again.
  if (known) {
    if (known.state === 'playing') send(known, 'welcome');
  } else if (isDraining) {
    send(who, 'draining');
  } else if (players.count >= maxPlayers) {
    send(who, 'full');
  } else {
    players.add({ ...who, state: 'joining', heardAtMs: Date.now() });
    tellReporter.resolve('join');
  }
}

function leave(player: Player, message: string): void {
  players.remove(player);
  send(player, message);
  log(`${player.name} left, ${players.count} here`);
  tellReporter.resolve('leave');
}

/** UDP has no connections: who has left without a word is silent. */
function forgetTheSilent(): void {
  const deadline = Date.now() - playerTimeoutMs;
  for (const player of players.all()) if (player.heardAtMs < deadline) leave(player, 'timeout');
}

/** Reports at once what is new, and from time to time that nothing is; ends the server when it is drained. */
async function reportUntilDrained(): Promise<void> {
  for (;;) {
    tellReporter = Promise.withResolvers();
    const reported = players.all();
    let waitMs = reportIntervalMs;
    try {
      const { status, state } = await report(reported.length);
      drainIf(state === 'MarkedForDeletion');
      for (const player of reported) if (player.state === 'joining') judge(player, status);
      if (isDraining && reported.length === 0 && players.count === 0) break;
    } catch (error) {
      log(`nobody took the report: ${error instanceof Error ? error.message : String(error)}`);
      waitMs = RETRY_MS;
    }
    await Promise.race([tellReporter.promise, after(waitMs)]);
  }
  log('drained');
  process.exit(0);
}

function drainIf(isMarked: boolean): void {
  if (isMarked && !isDraining) log(`draining, ${players.count} here`);
  isDraining ||= isMarked;
}

/** Whoever was counted in an accepted report is safe: the group is not collected with them on it. */
function judge(player: Player, status: string): void {
  if (players.find(player.address, player.port) !== player) return;
  if (status === 'refused') return leave(player, 'closed');
  if (status !== 'accepted') return;
  player.state = 'playing';
  send(player, 'welcome');
  log(`${player.name} joined, ${players.count} here`);
}

/** Nobody may play any more, whoever is here: this container ends within half a minute. */
async function stop(): Promise<void> {
  log(`stopping, ${players.count} here`);
  isDraining = true;
  for (const player of players.all()) leave(player, 'closed');
  await Promise.race([report(0).catch(() => undefined), after(LAST_REPORT_MS)]);
  process.exit(0);
}

function send({ address, port }: Pick<Player, 'address' | 'port'>, message: string): void {
  socket.send(message, port, address);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function log(text: string): void {
  process.stdout.write(`${text}\n`);
}
