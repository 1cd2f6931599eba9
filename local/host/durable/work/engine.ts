import type { Clock } from '../../../clock/clock.ts';
import type { DurableStore } from '../store/durable-store.ts';
import type { DurableFunctionInvoker } from './function-invoker.ts';
import type { Platform } from '../platform/platform.ts';
import type { CostCounter } from '../costs.ts';
import type { IdSource } from '../ids.ts';

/** What the parts of the hub share. */
export interface Engine {
  store: DurableStore;
  clock: Clock;
  invoker: DurableFunctionInvoker;
  ids: IdSource;
  platform: Platform;
  costs: CostCounter;
  log: (level: 'information' | 'warning' | 'error', message: string) => void;
  settings: {
    maxEntityOperationBatchSize: number;
    storeInputsInOrchestrationHistory: boolean;
    overridableExistingInstanceStates: 'NonRunningStates' | 'AnyState';
    /** '' when there is none. */
    defaultVersion: string;
    versionMatchStrategy: 'None' | 'Strict' | 'CurrentOrOlder';
    versionFailureStrategy: 'Reject' | 'Fail';
  };
}
