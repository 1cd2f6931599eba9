import type { PlatformName } from '../../host/durable/platform/platform.ts';

/** The npm scripts that bring up a stack: on the host of this project, or on Core Tools. */
export type ScriptName = 'start' | 'start:func';

/** What the command line asks for. */
export interface StartOptions {
  /** Of the Functions host; 0 lets the system choose, as for `armPort`. */
  port: number;
  armPort: number;
  dataDir: string;
  fresh: boolean;
  profile: 'realistic' | 'fast' | 'instant';
  /** Names of fault profiles or JSON files, separated by commas. */
  faults: string;
  seed: number;
  auth: 'off' | 'on';
  platform: PlatformName;
}

const defaults: Readonly<StartOptions> = {
  port: 7071,
  armPort: 7443,
  dataDir: '.local',
  fresh: false,
  profile: 'realistic',
  faults: 'none',
  seed: 1,
  auth: 'off',
  platform: 'gentle',
};

/** What holds where nothing is said. The two hosts keep their state in different places, and the emulator's must fit to it. */
export const defaultStartOptions: Readonly<Record<ScriptName, Readonly<StartOptions>>> = {
  start: defaults,
  'start:func': { ...defaults, dataDir: '.local-func' },
};

/** What every option's environment variable begins with. */
export const ENVIRONMENT_PREFIX = 'ACI_LOCAL_';

/** The command line is understood, or there is only a text to show (help). */
export type ParsedStartOptions = { kind: 'options'; options: StartOptions } | { kind: 'text'; text: string };
