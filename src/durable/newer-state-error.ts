/** Nothing can be done with an entity whose state a newer version of the app wrote: this one would destroy what it can't read. */
export class NewerStateError extends Error {
  readonly key: string;

  constructor(entity: string, key: string) {
    super(`A newer version of the app wrote the state of ${entity} ${key}; this one leaves it alone.`);
    this.name = 'NewerStateError';
    this.key = key;
  }
}
