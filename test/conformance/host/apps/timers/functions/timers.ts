import { app, type Timer } from '@azure/functions';

interface Run {
  name: string;
  at: string;
  timer: Timer;
  retryCount: number | undefined;
}

const runs: Run[] = [];

function record(name: string, timer: Timer, retryCount?: number): void {
  runs.push({ name, at: new Date().toISOString(), timer, retryCount });
}

app.timer('everyFiveMinutes', {
  schedule: '%FIXTURE_SCHEDULE%',
  handler: (timer) => record('everyFiveMinutes', timer),
});
app.timer('everyTenSeconds', {
  schedule: '*/10 * * * * *',
  handler: (timer) => record('everyTenSeconds', timer),
});
app.timer('fails', {
  schedule: '0 30 * * * *',
  handler: (timer) => {
    record('fails', timer);
    throw new Error('thrown by a timer');
  },
});
app.timer('retries', {
  schedule: '0 45 * * * *',
  retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: { seconds: 15 } },
  handler: (timer, context) => {
    record('retries', timer, context.retryContext?.retryCount);
    throw new Error('thrown again');
  },
});
app.timer('atStart', {
  schedule: '0 0 0 1 1 *',
  runOnStartup: true,
  handler: (timer) => record('atStart', timer),
});
app.get('runs', { authLevel: 'anonymous', handler: () => ({ jsonBody: runs }) });
