/** A promise of the app that did not hold, or a reason why that could not be found out. */
export class SmokeFailure extends Error {
  /** What to look at next. */
  readonly next: string | undefined;
  /** Whether the same question may well be answered in a moment: nobody answered, or something before the app did. */
  readonly isPassing: boolean;

  constructor(
    message: string,
    next?: string,
    { isPassing = false, ...options }: ErrorOptions & { isPassing?: boolean } = {},
  ) {
    super(message, options);
    this.next = next;
    this.isPassing = isPassing;
  }
}

/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  constructor() {
    super('It was interrupted.');
  }
}
