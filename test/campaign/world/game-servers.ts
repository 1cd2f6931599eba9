import type { Chance } from '../chance.ts';
import { createChance } from '../chance.ts';
import type { Caller } from '../clients/caller.ts';
import { readReportAnswer } from '../clients/report-answer.ts';
import type { Fact } from '../facts.ts';
import { type Resource, runningSinceMs } from './resources.ts';

/** How a game server behaves; that of `matchmade` never reports, and somebody else does for it. */
export const SERVER_KINDS = ['steady', 'booting', 'silent', 'crashing', 'matchmade'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** A game server in a container, as it truly is. */
export interface GameServer {
  readonly key: string;
  readonly sequence: number;
  readonly kind: ServerKind;
  /** Players who were let in since a report of them had been accepted. */
  players: number;
  /** Whether the server runs and serves its players. */
  isAlive: boolean;
  /** Whether the app must know the count: nothing was lost on the way since. */
  isCountKnown: boolean;
  /** When the last report was accepted. */
  heardAtMs: number;
  /** Between two reports. */
  readonly intervalMs: number;
}

/** All game servers there have been. */
export interface GameServers {
  /** The server in a resource, alive or not. */
  of(resource: Resource): GameServer | undefined;
  /** Looks which containers run, and starts, restarts and ends servers. */
  follow(resources: ReadonlyMap<string, Resource>): void;
  /** The matchmaker's word on a server that does not report itself. */
  matchmade(): GameServer[];
}

interface Dependencies {
  caller: Pick<Caller, 'call'>;
  /** Resolves when so much time has gone by. */
  after: (ms: number) => Promise<void>;
  nowMs: () => number;
  keep: (fact: Fact) => void;
  seed: number;
  kindOf: (key: string, sequence: number) => ServerKind;
  reportUrlOf: (incarnation: string) => string | undefined;
  isOver: () => boolean;
}

/** Creates a world without a server. */
export function createGameServers(dependencies: Dependencies): GameServers {
  const servers = new Map<number, LivingServer>();
  return {
    of: ({ sequence }) => servers.get(sequence),
    follow(resources) {
      const present = new Map([...resources.values()].map((each) => [each.sequence, each]));
      for (const server of servers.values()) {
        server.follow(present.get(server.sequence));
      }
      for (const resource of present.values()) {
        const url = dependencies.reportUrlOf(resource.tags['aci-incarnation'] ?? '');
        if (!servers.has(resource.sequence) && url !== undefined && runningSinceMs(resource) !== undefined) {
          servers.set(resource.sequence, new LivingServer(resource, url, dependencies));
        }
      }
    },
    matchmade: () => [...servers.values()].filter(({ kind, isAlive }) => kind === 'matchmade' && isAlive),
  };
}

class LivingServer implements GameServer {
  readonly key: string;
  readonly sequence: number;
  readonly kind: ServerKind;
  readonly intervalMs: number;
  players = 0;
  isAlive = true;
  isCountKnown = true;
  heardAtMs = 0;
  readonly #name: string;
  readonly #url: string;
  readonly #chance: Chance;
  readonly #world: Dependencies;
  /** From then on a silent or crashing one says nothing more. */
  readonly #silentAfterMs: number;
  /** One that an answer brought in the place of that of its environment; a container that is restarted has forgotten it. */
  #token: string | undefined;
  #runningSinceMs: number | undefined;
  #boot = 1;
  #number = 0;
  #isDraining = false;
  #isThere = true;

  constructor(resource: Resource, url: string, world: Dependencies) {
    this.key = resource.key;
    this.#name = resource.name;
    this.sequence = resource.sequence;
    this.kind = world.kindOf(resource.key, resource.sequence);
    this.#url = url;
    this.#world = world;
    this.#chance = createChance(world.seed, 1_000 + resource.sequence);
    this.#runningSinceMs = runningSinceMs(resource);
    this.intervalMs = this.#chance.between(420_000, 1_080_000);
    this.#silentAfterMs = world.nowMs() + this.#chance.between(600_000, 7_200_000);
    this.#tell(`its ${this.kind} server runs`);
    void this.#live();
  }

  follow(resource: Resource | undefined): void {
    if (!this.#isThere) return;
    if (resource === undefined || resource.provisioningState === 'Deleting') {
      this.#isThere = false;
      this.#end('its server ends with its container group');
      return;
    }
    const sinceMs = runningSinceMs(resource);
    if (sinceMs === this.#runningSinceMs) return;
    this.#runningSinceMs = sinceMs;
    if (sinceMs === undefined) {
      this.#end('its container ended');
    } else {
      this.isAlive = true;
      this.players = 0;
      this.isCountKnown = false;
      this.#boot += 1;
      this.#token = undefined;
      this.#number = 0;
      this.#isDraining = false;
      this.#tell('its container runs again');
    }
  }

  async #live(): Promise<void> {
    await this.#world.after(this.#chance.between(2_000, 60_000));
    while (this.#isThere && !this.#world.isOver()) {
      if (this.isAlive && this.kind !== 'matchmade') await this.#turn();
      await this.#world.after(this.intervalMs);
    }
  }

  async #turn(): Promise<void> {
    const isPastIt = this.#world.nowMs() > this.#silentAfterMs;
    if (this.kind === 'crashing' && isPastIt) return this.#end('its server crashed');
    if (this.kind === 'silent' && isPastIt) return;
    const wanted = this.#wantedPlayers();
    // Who leaves has left whatever becomes of the report of it; who comes is let in when it is accepted.
    const isLeaving = wanted < this.players;
    if (isLeaving) this.players = wanted;
    this.#number += 1;
    const boot = this.kind === 'booting' ? { bootId: `boot-${this.#boot}`, sequence: this.#number } : {};
    const { nowMs, caller, keep } = this.#world;
    const [sentAtMs, bootThen] = [nowMs(), this.#boot];
    const { pathname, searchParams } = new URL(this.#url);
    const headers = { authorization: `Bearer ${this.#token ?? searchParams.get('sig')}` };
    const answer = await caller.call(pathname, { headers, body: { activeSessions: wanted, ...boot } });
    const { resultOf, token } = readReportAnswer(answer);
    const result = resultOf(0);
    keep({ fact: 'report', atMs: nowMs(), sentAtMs, by: 'server', group: this.key, count: wanted, ...result });
    if (bootThen !== this.#boot) return;
    this.#token = token ?? this.#token;
    this.#hear(result, wanted, sentAtMs);
  }

  #hear({ status, state }: { status: string; state?: string }, reported: number, sentAtMs: number): void {
    this.#isDraining = state === 'MarkedForDeletion' || state === 'Failed' || status === 'refused';
    if (status === 'accepted') {
      this.players = reported;
      this.isCountKnown = true;
      this.heardAtMs = sentAtMs;
    } else if (status !== 'refused' && status !== '401') {
      this.isCountKnown = false;
    }
  }

  #wantedPlayers(): number {
    const chance = this.#chance;
    if (!this.#isDraining) return Math.max(0, this.players + chance.whole(-2, 3));
    // Somebody has got the address before, and tries to join in spite of the drain.
    if (chance.happens(0.15)) return this.players + 1;
    return Math.max(0, this.players - chance.whole(0, 3));
  }

  #end(what: string): void {
    this.isAlive = false;
    this.players = 0;
    this.#tell(what);
  }

  #tell(what: string): void {
    this.#world.keep({ fact: 'server', atMs: this.#world.nowMs(), group: this.key, what: `${what} (${this.#name})` });
  }
}
