/** A promise of the app that did not hold, or a reason why that could not be found out. */
export class SmokeFailure extends Error {
  /** What to look at next. */
  readonly next: string | undefined;

  constructor(message: string, next?: string, options?: ErrorOptions) {
    super(message, options);
    this.next = next;
  }
}

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  constructor() {
    super('It was interrupted.');
  }
}
