import type { SmokeRun } from '../smoke-run.ts';

/** A part of a group's life: fails with a `SmokeFailure`, else resolves with what there is to say of it. */
export interface Step {
  /** As a sentence about the app. */
  name: string;
  /** Without it the rest makes no sense. */
  isEssential?: boolean;
  /** Needs an app that refuses requests without a key. */
  needsKeys?: boolean;
  run(run: SmokeRun): Promise<string>;
}
