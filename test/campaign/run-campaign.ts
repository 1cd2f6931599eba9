import { setImmediate as nextTurn } from 'node:timers/promises';
import { copyLeftBehind } from '../fixtures/left-behind.ts';
import { startStack, type Stack } from '../integration/stack/stack.ts';
import { createCaller, type Caller } from './clients/caller.ts';
import { reportForServers, runMatchmaker } from './clients/matchmaker.ts';
import { runOperator } from './clients/operator.ts';
import type { Fact, ListedGroup } from './facts.ts';
import { createJournal, type Journal, type Violation } from './journal.ts';
import type { HostTurn, Plan } from './plan/plan.ts';
import type { AppUnderTest } from './world/app-under-test.ts';
import { watchArm, type ArmTraffic } from './world/arm-traffic.ts';
import { countPatienceOfAzure } from './world/azure-patience.ts';
import { createDriver, type Driver } from './world/driver.ts';
import { createGameServers, type GameServers } from './world/game-servers.ts';
import { createLeakSearch, type LeakSearch } from './world/leak-search.ts';
import { look } from './world/observer.ts';
import { openResources, type Resources } from './world/resources.ts';
import { weighStore } from './world/store.ts';

/** A whole run: everything that was seen, and what of it is against a promise. */
export interface Run {
  plan: Plan;
  startMs: number;
  facts: readonly Fact[];
  violations: readonly Violation[];
}

const MINUTE_MS = 60_000;

/** Between two looks at the resources. */
const FOLLOW_INTERVAL_MS = MINUTE_MS;

/** Between two looks at everything, and in the quiet time. */
const LOOK_INTERVAL_MS = 15 * MINUTE_MS;
const QUIET_LOOK_INTERVAL_MS = 10 * MINUTE_MS;

/** Between two looks at what is stored. */
const WEIGH_INTERVAL_MS = 60 * MINUTE_MS;

/** Runs the app and all around it for the hours of a plan, as fast as it goes, and judges what is seen. */
export async function runCampaign(plan: Plan, app: AppUnderTest): Promise<Run> {
  await using resources = new AsyncDisposableStack();
  app.install('present');
  const before = plan.isFrom010 ? copyLeftBehind('0.1.0/killed-between-sweeps') : undefined;
  const stack = await startStack({
    appDirectory: app.directory,
    settings: plan.settings,
    seed: plan.seed,
    faults: plan.faults,
    ...(before && { dataDirectory: before.dataDirectory, startMs: before.takenAtMs + MINUTE_MS }),
  });
  resources.defer(() => stack.stop());
  resources.use(countPatienceOfAzure(stack.clock));
  const campaign = resources.use(new Campaign(plan, stack, app));
  await campaign.live();
  const { startMs, journal } = campaign;
  return { plan, startMs, facts: journal.facts, violations: journal.violations };
}

class Campaign implements Disposable {
  readonly startMs: number;
  readonly journal: Journal;
  readonly #plan: Plan;
  readonly #stack: Stack;
  readonly #app: AppUnderTest;
  readonly #endMs: number;
  readonly #quietFromMs: number;
  readonly #caller: Caller;
  readonly #driver: Driver;
  readonly #traffic: ArmTraffic;
  readonly #resources: Resources;
  readonly #servers: GameServers;
  readonly #leaks: LeakSearch;
  #listed: ReadonlyMap<string, ListedGroup> = new Map();

  constructor(plan: Plan, stack: Stack, app: AppUnderTest) {
    this.#plan = plan;
    this.#stack = stack;
    this.#app = app;
    this.startMs = stack.clock.now();
    this.#endMs = this.startMs + plan.totalMs;
    this.#quietFromMs = this.#endMs - plan.quietMs;
    this.#resources = openResources(stack.armDirectory);
    const keep = (fact: Fact): void => this.journal.keep(fact);
    this.#caller = createCaller(stack, keep, (path, text) => this.#keepLeaks(this.#leaks.inAnswer(path, text)));
    this.#driver = createDriver(stack, this.#caller);
    this.#traffic = watchArm(Number(new URL(stack.arm.endpoint).port), ({ method, group }) => {
      const resource = group === undefined ? undefined : this.#resources.all().get(group);
      keep({ fact: 'arm', atMs: this.#nowMs(), method, ...(group !== undefined && { group, resource }) });
    });
    this.#leaks = createLeakSearch(this.#traffic.tokens);
    this.#servers = createGameServers({
      caller: this.#caller,
      after: this.#driver.after,
      nowMs: this.#nowMs,
      keep,
      seed: plan.seed,
      kindOf: plan.kindOf,
      reportUrlOf: this.#traffic.reportUrlOf,
      isOver: this.#isOver,
    });
    const { startMs } = this;
    this.journal = createJournal({ plan, servers: this.#servers, startMs, quietFromMs: this.#quietFromMs });
  }

  readonly #nowMs = (): number => this.#stack.clock.now();
  readonly #isQuiet = (): boolean => this.#nowMs() >= this.#quietFromMs;
  readonly #isOver = (): boolean => this.#nowMs() >= this.#endMs;

  async live(): Promise<void> {
    const driver = this.#driver;
    const clients = {
      plan: this.#plan,
      caller: this.#caller,
      driver,
      servers: this.#servers,
      nowMs: this.#nowMs,
      keep: (fact: Fact) => this.journal.keep(fact),
      isQuiet: this.#isQuiet,
      isOver: this.#isOver,
    };
    const lives = [
      this.#every(FOLLOW_INTERVAL_MS, async () => this.#follow()),
      this.#every(WEIGH_INTERVAL_MS, async () => this.#weigh()),
      this.#every(LOOK_INTERVAL_MS, () => this.#look()),
      runMatchmaker(clients),
      reportForServers(clients),
      runOperator(clients, () => this.#listed),
    ];
    for (const turn of this.#plan.hostTurns) await this.#turnHost(turn);
    await driver.driveTo(this.#quietFromMs);
    this.#stack.arm.setFaults(this.#plan.quiet);
    this.#tell('faults and commands end');
    lives.push(this.#every(QUIET_LOOK_INTERVAL_MS, () => this.#look()));
    await driver.driveTo(this.#endMs);
    const audit = this.#audit();
    // Whoever waits for his next turn has it, and sees that it is over.
    await driver.driveTo(this.#endMs + WEIGH_INTERVAL_MS);
    await Promise.all([...lives, audit]);
    this.journal.finish(this.#endMs);
  }

  async #every(intervalMs: number, act: () => Promise<void>): Promise<void> {
    while (!this.#isOver()) {
      await act();
      await this.#driver.after(intervalMs);
    }
  }

  #follow(): void {
    const resources = this.#resources.all();
    this.#servers.follow(resources);
    this.journal.keep({ fact: 'resources', atMs: this.#nowMs(), resources });
  }

  async #look(): Promise<void> {
    const seen = await look(this.#caller, this.#resources, this.#nowMs);
    if (seen === undefined) return;
    this.#listed = seen.groups;
    this.journal.keep(seen);
  }

  #weigh(): void {
    this.journal.keep(weighStore(this.#stack.hostDirectory, this.#nowMs()));
  }

  async #turnHost({ atMs, isUpgrade, afterTurns }: HostTurn): Promise<void> {
    const { clock } = this.#stack;
    await this.#driver.driveTo(Math.max(this.#nowMs(), this.startMs + atMs));
    const next = clock.nextAtMs();
    if (next !== undefined) clock.advanceTo(next);
    for (let turn = 0; turn < afterTurns; turn += 1) await nextTurn();
    this.#tell(`the host is killed, and comes back${isUpgrade ? ' as the next version' : ''}`);
    if (isUpgrade) this.#app.install('next');
    const isBack = this.#stack.crash();
    this.#caller.hangUp();
    await isBack;
    this.#tell('the host is back');
  }

  /** Asks at the end what became of each creation, and searches what is left for secrets. */
  async #audit(): Promise<void> {
    for (const { key } of this.#plan.names) {
      const query = new URLSearchParams({ id: `provision:${key.replace('/', ':')}` }).toString();
      await this.#caller.command('auditor', 'ACIOperation', { method: 'GET', query, group: key });
    }
    await this.#look();
    this.#follow();
    this.#weigh();
    this.#keepLeaks(this.#leaks.inLines(this.#stack.logs.map(({ message }) => message)));
    this.#keepLeaks(this.#leaks.inFiles(this.#stack.hostDirectory));
  }

  #keepLeaks(leaks: readonly { secret: string; place: string }[]): void {
    for (const leak of leaks) this.journal.keep({ fact: 'leak', atMs: this.#nowMs(), ...leak });
  }

  #tell(what: string): void {
    this.journal.keep({ fact: 'turn', atMs: this.#nowMs(), what });
  }

  [Symbol.dispose](): void {
    this.#traffic[Symbol.dispose]();
    this.#resources[Symbol.dispose]();
  }
}
