import { app } from '@azure/functions';
import type { DurableClient } from '../durable/durable-client.ts';
import { durableClientOf, durableClientInput } from '../durable/create-durable-client.ts';
import { takeEvent, type MonitorDependencies } from './aci-monitor.ts';
import type { EventCounts } from './event-counts.ts';

/** Registers ACIMonitor, the Event Grid trigger. */
export function registerMonitor(dependencies: MonitorDependencies, counts: EventCounts): void {
  app.eventGrid('ACIMonitor', {
    extraInputs: [durableClientInput],
    handler: async (event, context) => {
      const outcome = await takeEvent(event, durableClientOf(context), dependencies);
      counts.add(outcome);
      context.debug(`Event Grid event: ${outcome}`);
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
