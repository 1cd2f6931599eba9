import { app } from '@azure/functions';
import type { DurableClient } from '../durable/durable-client.ts';
import { durableClientOf, durableClientInput } from '../durable/create-durable-client.ts';
import { describeOutcome, takeEvent, type MonitorDependencies } from './aci-monitor.ts';

/** Registers ACIMonitor, the Event Grid trigger. */
export function registerMonitor(dependencies: MonitorDependencies): void {
  app.eventGrid('ACIMonitor', {
    extraInputs: [durableClientInput],
    handler: async (event, context) => {
      context.log(describeOutcome(await takeEvent(event, durableClientOf(context), dependencies)));
    },
  });
}

/** Where a function that runs by the clock says what it did. */
export interface TimerLog {
  info(message: string): void;
  error(message: string): void;
}

/** Registers a function that runs by the clock; the schedule is NCRONTAB with seconds, in UTC. */
export function registerTimer(
  name: string,
  { schedule, runOnStartup }: { schedule: string; runOnStartup: boolean },
  run: (client: DurableClient, log: TimerLog) => Promise<void>,
): void {
  app.timer(name, {
    schedule,
    runOnStartup,
    extraInputs: [durableClientInput],
    handler: async (_timer, context) =>
      run(durableClientOf(context), {
        info: (message) => context.log(message),
        error: (message) => context.error(message),
      }),
  });
}
