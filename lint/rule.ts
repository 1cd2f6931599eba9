import type { RuleTester } from 'oxlint/plugins-dev';

/** A lint rule as oxlint runs it; oxlint exports the type only through its tester (oxlint/dist/plugins-dev.d.ts). */
export type Rule = Extract<Parameters<RuleTester['run']>[1], { create: unknown }>;

/** Where a node stands in its file, which is all that a report needs of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly range: [number, number];
}
