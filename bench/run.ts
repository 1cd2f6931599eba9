import { availableParallelism, cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type CostRow, measureCosts } from './costs.ts';
import { measureLives } from './lives.ts';
import { measureSessionReports, type ReportRates } from './session-reports.ts';
import { measureIdleMemory, measureStarts } from './start-up.ts';

/** Measures everything, or with `--quick` less of it, and prints the tables of RESULTS.md. */
async function run(isQuick: boolean, concurrency: number): Promise<void> {
  const rounds = isQuick ? 1 : 5;
  const load = {
    warmUpRounds: isQuick ? 2 : 4,
    rounds,
    roundMs: isQuick ? 2_000 : 5_000,
    concurrency,
    manyGroups: isQuick ? 100 : 1_000,
  };
  print(`${machine()}\n${rounds} rounds of ${load.roundMs / 1_000} s, ${concurrency} requests at a time; medians.\n`);

  const starts = await measureStarts(rounds);
  print('| Start, to `ready` | ms |\n|---|---|');
  print(`| \`npm start\`, in a directory used before | ${starts.npmMs.toFixed(0)} |`);
  print(`| without npm | ${starts.againMs.toFixed(0)} |`);
  print(`| without npm, empty data directory | ${starts.freshDataMs.toFixed(0)} |`);
  print(`| without npm, empty data directory, nothing compiled yet | ${starts.firstEverMs.toFixed(0)} |\n`);

  const idleMs = isQuick ? 2_000 : 20_000;
  const { processCount, pssMB, rssMB } = await measureIdleMemory(idleMs);
  print(`| Idle memory, ${idleMs / 1_000} s after \`ready\` | MB |\n|---|---|`);
  print(`| PSS, ${processCount} processes | ${pssMB === undefined ? 'unknown here' : pssMB.toFixed(0)} |`);
  print(`| RSS, summed | ${rssMB.toFixed(0)} |\n`);

  const { rates, creations } = await measureSessionReports(load);
  printRates(rates);
  print(`\n| Creations, \`--profile instant\` | a second |\n|---|---|`);
  const batches = `${creations.batchCount} batches of ${creations.batchSize}`;
  print(`| accepted, ${batches} | ${creations.acceptedPerSecond.toFixed(0)} |`);
  print(`| running, ${batches} | ${creations.runningPerSecond.toFixed(0)} |`);

  printCosts(await measureCosts(isQuick ? 5 : 20));

  const { groupCount, collectedPerSecond, keptKBPerGroup } = await measureLives(isQuick ? 50 : 200, isQuick ? 1 : 3);
  print(`\n| Lives of ${groupCount} groups at once, \`--profile instant\` | |\n|---|---|`);
  print(`| marked, swept and gone, groups a second | ${collectedPerSecond.toFixed(0)} |`);
  print(`| resident memory left behind, KB a group | ${keptKBPerGroup.toFixed(1)} |`);
}

function printCosts(rows: readonly CostRow[]): void {
  print(
    '\n| What one costs in the durable backend | checkpoints | history rows written | KB | read | activities | messages | entity batches | reads and lists | rows read |',
  );
  print('|---|---|---|---|---|---|---|---|---|---|');
  for (const { name, ...costs } of rows) {
    const { checkpoints, historyRows, historyKB, historyRowsRead, activities, messages, batches, queries, rowsRead } =
      costs;
    const cells = [
      checkpoints,
      historyRows,
      historyKB,
      historyRowsRead,
      activities,
      messages,
      batches,
      queries,
      rowsRead,
    ];
    print(`| ${[name, ...cells.map((each) => each.toFixed(1))].join(' | ')} |`);
  }
}

function printRates(rates: readonly ReportRates[]): void {
  const [, client, few, many] = rates.map(({ rate }) => rate.perSecond);
  print(
    '| Session reports | a second (slowest to fastest) | median ms | p99 ms | of floor 2 | all applied after, ms |',
  );
  print('|---|---|---|---|---|---|');
  for (const { name, rate, fromPerSecond, toPerSecond, drainMs } of rates) {
    const range = `${rate.perSecond.toFixed(0)} (${fromPerSecond.toFixed(0)} to ${toPerSecond.toFixed(0)})`;
    const cells = [range, rate.medianMs.toFixed(1), rate.p99Ms.toFixed(1), ratio(rate.perSecond, client)];
    print(`| ${[name, ...cells, drainMs?.toFixed(0) ?? ''].join(' | ')} |`);
  }
  print(`\nMany groups against few: ${ratio(many, few)}.`);
}

function ratio(of: number | undefined, to: number | undefined): string {
  return of === undefined || to === undefined ? 'unknown' : (of / to).toFixed(2);
}

function machine(): string {
  const memoryGB = (totalmem() / 1024 ** 3).toFixed(0);
  return `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${memoryGB} GB, ${process.platform}, Node ${process.versions.node}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, concurrency: { type: 'string', default: '32' } },
});
await run(values.quick, Number(values.concurrency));
