/** Somebody at a UDP address. One who is `joining` is let in once a report that counts them was accepted. */
export interface Player {
  name: string;
  address: string;
  port: number;
  state: 'joining' | 'playing';
  heardAtMs: number;
}

/** Those who are here, by the address that their packets come from. */
export class Players {
  readonly #players = new Map<string, Player>();

  get count(): number {
    return this.#players.size;
  }

  find(address: string, port: number): Player | undefined {
    return this.#players.get(keyOf(address, port));
  }

  add(player: Player): void {
    this.#players.set(keyOf(player.address, player.port), player);
  }

  remove(player: Player): void {
    this.#players.delete(keyOf(player.address, player.port));
  }

  all(): Player[] {
    return [...this.#players.values()];
  }
}

function keyOf(address: string, port: number): string {
  return `${address}:${port}`;
}
