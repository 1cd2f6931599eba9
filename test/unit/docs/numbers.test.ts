import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPage, REPOSITORY } from './markdown.ts';

/** What a page says in numbers, and the lines of the code that make it true: whoever changes one is told of the other. */
const numbers: Record<string, { says: string; file: string; code: string[] }[]> = {
  'README.md': [
    { says: 'S[collectGarbage, every 5 minutes]', file: 'src/config.ts', code: ["'PT5M').prefault('PT5M')"] },
    {
      says: 'P[provisionContainerGroup]',
      file: 'src/contracts/provisioning.ts',
      code: ["defineOrchestrator('provisionContainerGroup'"],
    },
    {
      says: 'D[deleteContainerGroup]',
      file: 'src/contracts/deletion.ts',
      code: ["defineOrchestrator('deleteContainerGroup'"],
    },
    {
      says: '`limit` groups (1 to 1,000, else 100)',
      file: 'src/triggers/http/aci-list.ts',
      code: ['STANDARD_LIMIT = 100'],
    },
    { says: '`limit` groups (1 to 1,000', file: 'src/contracts/http-api.ts', code: ['MAX_LIST_LIMIT = 1_000'] },
    { says: '`?wait=1..60` (seconds)', file: 'src/contracts/http-api.ts', code: ['z.int().min(1).max(60)'] },
    { says: 'one or up to 1,000', file: 'src/contracts/http-api.ts', code: ['MAX_REPORTS = 1_000'] },
    { says: 'longer than a minute: 202', file: 'src/triggers/http/aci-gc.ts', code: ['SWEEP_TIMEOUT_MS = 60_000'] },
    {
      says: 'not judged within half a minute',
      file: 'src/triggers/http/session-reports.ts',
      code: ['VERDICTS_TIMEOUT_MS = 30_000'],
    },
  ],
  'docs/life.md': [
    { says: '| 60 to 31,536,000 |', file: 'src/contracts/http-api.ts', code: ['z.int().min(60).max(31_536_000)'] },
    {
      says: '| `health.heartbeatSeconds` | 1 to 3,600 |',
      file: 'src/contracts/http-api.ts',
      code: ['heartbeatSeconds: z.int().min(1).max(3_600)'],
    },
    {
      says: '| `health.failureThreshold` | 1 to 100, else 3 |',
      file: 'src/contracts/http-api.ts',
      code: ['failureThreshold: z.int().min(1).max(100).default(3)'],
    },
    {
      says: '| `health.initialDelaySeconds` | 0 to 3,600, else 30 |',
      file: 'src/contracts/http-api.ts',
      code: ['initialDelaySeconds: z.int().min(0).max(3_600).default(30)'],
    },
    {
      says: 'holds 40 entries, the first eight and the newest',
      file: 'src/domain/group/container-group.ts',
      code: ['MAX_TIMELINE_ENTRIES = 40', 'KEPT_FIRST_ENTRIES = 8'],
    },
    { says: '`ACI_FAILED_RETENTION` (`PT1H`)', file: 'src/config.ts', code: ["'P30D', 'PT1H').prefault('PT1H')"] },
    {
      says: '`ACI_FAILED_CREATION_RETENTION` (`PT10M`)',
      file: 'src/config.ts',
      code: ["'P30D', 'PT10M').prefault('PT10M')"],
    },
  ],
  'docs/failures.md': [
    {
      says: 'larger than 1 MiB, or than 16 KiB at `ACIReport`',
      file: 'src/triggers/http/aci-report.ts',
      code: ['MAX_REPORT_BYTES = 16 * 1024'],
    },
    {
      says: 'not judged within half a minute',
      file: 'src/triggers/http/session-reports.ts',
      code: ['VERDICTS_TIMEOUT_MS = 30_000'],
    },
  ],
  'SECURITY.md': [
    {
      says: 'guesses are told before anything is read, 20 at once and one a second for each name, 200 and 50 in all',
      file: 'src/security/report-gate.ts',
      code: [
        'STRANGERS = { burst: 20, perSecond: 1, maxKeys: 10_000 }',
        'ALL_STRANGERS = { burst: 200, perSecond: 50, maxKeys: 1 }',
      ],
    },
    {
      says: 'five times a second',
      file: 'src/security/report-gate.ts',
      code: ['REPORTS = { burst: 20, perSecond: 5,'],
    },
    { says: '1 MiB a body', file: 'src/triggers/http/api-request.ts', code: ['MAX_BODY_BYTES = 1024 * 1024'] },
    { says: '16 KiB a report', file: 'src/triggers/http/aci-report.ts', code: ['MAX_REPORT_BYTES = 16 * 1024'] },
    {
      says: '32 levels, 262,144 characters a text',
      file: 'src/domain/json-shape.ts',
      code: ['MAX_JSON_DEPTH = 32', 'MAX_STRING_LENGTH = 256 * 1024'],
    },
    {
      says: 'repeated every five minutes',
      file: 'src/main.ts',
      code: ["'checkSealingKeys', { schedule: '0 */5 * * * *'"],
    },
  ],
  'ARCHITECTURE.md': [
    {
      says: 'in another execution after 50 attempts',
      file: 'src/orchestrators/provision-container-group.ts',
      code: ['MAX_ATTEMPTS_PER_EXECUTION = 50'],
    },
    {
      says: 'a deletion after 40',
      file: 'src/orchestrators/delete-container-group.ts',
      code: ['MAX_ATTEMPTS_PER_EXECUTION = 40'],
    },
    {
      says: 'more than 1,000 looks in a life are refused',
      file: 'src/domain/group/provisioning.ts',
      code: ['MAX_LOOKS = 1_000'],
    },
    {
      says: 'three minutes later or more',
      file: 'src/domain/group/slow-creation.ts',
      code: ['OVERDUE_GRACE_MS = 180_000'],
    },
    {
      says: 'before ARM has had a quarter of a minute',
      file: 'src/domain/group/absence.ts',
      code: ['ABSENCE_CERTAIN_AFTER_MS = 15_000'],
    },
    { says: 'counts six minutes more', file: 'src/domain/group/absence.ts', code: ['STRAY_ACTIVITY_MS = 360_000'] },
    { says: 'a hundred at the most', file: 'src/domain/sweep/under-way.ts', code: ['MAX_UNDER_WAY = 100'] },
    {
      says: '`restartEternalOrchestrations`, every minute',
      file: 'src/main.ts',
      code: ["'restartEternalOrchestrations', { schedule: '0 * * * * *'"],
    },
  ],
  'docs/sweeps.md': [
    { says: 'after a minute with 202', file: 'src/triggers/http/aci-gc.ts', code: ['SWEEP_TIMEOUT_MS = 60_000'] },
    {
      says: 'takes over two minutes, or one of more than a hundred',
      file: 'src/domain/sweep/under-way.ts',
      code: ['PATIENCE_MS = 120_000', 'MAX_UNDER_WAY = 100'],
    },
    { says: 'at most twenty', file: 'src/domain/first-of.ts', code: ['MAX_LISTED = 20'] },
    { says: '3,000 of them take 2.8 hours', file: 'bench/RESULTS.md', code: ['| hours of the clock | 2.80 |'] },
    {
      says: 'start 25 deletions at once',
      file: 'src/domain/sweep/pace.ts',
      code: ['STARTS_AT_ONCE = 25', 'WINDOW_MS = 300_000'],
    },
    { says: 'looks through 100 groups at a time', file: 'src/activities/find-garbage.ts', code: ['PAGE_SIZE = 100'] },
    {
      says: 'three minutes ago or more',
      file: 'src/domain/group/slow-creation.ts',
      code: ['OVERDUE_GRACE_MS = 180_000'],
    },
  ],
  'docs/reconcile.md': [
    { says: 'Azure every five minutes', file: 'src/config.ts', code: ["_INTERVAL: duration('PT1M', 'P1D', 'PT5M')"] },
    { says: 'again two minutes later', file: 'src/domain/reconcile/settlement.ts', code: ['AFTER_MS = 120_000'] },
    { says: 'may bring 48', file: 'src/domain/spec/check-container-group-spec.ts', code: ['MAX_TAGS = 48'] },
    { says: 'more than 50 names', file: 'src/activities/compare-resource-group.ts', code: ['MAX_SUSPECTS = 50'] },
  ],
  'docs/repeating.md': [
    { says: '1 to 128 visible ASCII characters', file: 'src/contracts/http-api.ts', code: ['/^[!-~]{1,128}$/'] },
    {
      says: 'the last 16 keys of a name',
      file: 'src/domain/group/creation-memory.ts',
      code: ['MAX_EARLIER_CREATIONS = 16'],
    },
    {
      says: 'the last 16 commands of a group',
      file: 'src/domain/group/container-group.ts',
      code: ['MAX_OUTCOMES = 16'],
    },
  ],
  'docs/operations.md': [
    {
      says: 'six poll intervals and two minutes',
      file: 'src/domain/group/slow-creation.ts',
      code: ['longestPollDelayMs(pollIntervalMs) + REDELIVERY_MS', 'REDELIVERY_MS = 120_000'],
    },
    {
      says: 'more than five groups in 15 minutes',
      file: 'infra/main.bicep',
      code: ['failedProvisioningThreshold int = 5'],
    },
    { says: 'more than 20 calls in 15 minutes', file: 'infra/main.bicep', code: ['throttlingThreshold int = 20'] },
    {
      says: 'in 30 minutes the app did not say that its sweep goes on',
      file: 'infra/main.bicep',
      code: ["sweepAlertWindow string = 'PT30M'"],
    },
    {
      says: 'not delivered within two hours',
      file: 'infra/modules/event-subscription.bicep',
      code: ['eventTimeToLiveInMinutes: 120'],
    },
    { says: 'removed after 30 days', file: 'infra/main.bicep', code: ['deadLetterRetentionDays int = 30'] },
    { says: '`maximumInstances`, 40', file: 'infra/main.bicep', code: ['maximumInstances int = 40'] },
    { says: 'kept for seven days', file: 'infra/modules/key-vault.bicep', code: ['softDeleteRetentionInDays: 7'] },
  ],
  'docs/local-host.md': [
    {
      says: 'by up to 32 places',
      file: 'local/host/durable/platform/client-delivery.ts',
      code: ['MAX_DISPLACEMENT = 32'],
    },
    {
      says: 'two seconds with `--profile fast` and `instant`',
      file: 'local/cli/stack/local-stack.ts',
      code: ['SHORT_VISIBILITY_TIMEOUT_MS = 2_000', "options.profile === 'realistic' ? undefined : SHORT_VISIBILITY"],
    },
    {
      says: '`--platform gentle`, the default of `npm start`',
      file: 'local/cli/options/start-options.ts',
      code: ["platform: 'gentle'"],
    },
    {
      says: '`Failed` after 1,000 of them',
      file: 'local/host/durable/work/run-turns.ts',
      code: ['MAX_TURNS_IN_MEMORY = 1000'],
    },
  ],
  'docs/arm-emulator.md': [
    {
      says: 'A token is good for a day',
      file: 'local/arm/faults/faults.ts',
      code: ['TOKEN_LIFETIME_SECONDS = 24 * 60 * 60'],
    },
  ],
  'docs/faults.md': [
    {
      says: 'no room in `westeurope` for the first twenty minutes, no tokens for five minutes after a quarter of an hour',
      file: 'local/arm/faults/fault-profiles.ts',
      code: ["regions: ['westeurope'], forSeconds: 1_200", "kind: 'noTokens', fromSeconds: 900, forSeconds: 300"],
    },
    {
      says: 'the token endpoint is down for five minutes',
      file: 'local/arm/faults/fault-profiles.ts',
      code: ["'no-tokens': { incidents: [{ kind: 'noTokens', forSeconds: 300 }] }"],
    },
    {
      says: 'previousState` has exit code 7147',
      file: 'local/arm/groups/lifecycle/apply-outside-step.ts',
      code: ['PLATFORM_EXIT_CODE = 7147'],
    },
    {
      says: 'with exit code 137 and `OOMKilled`',
      file: 'local/arm/groups/lifecycle/incident-plan.ts',
      code: ['OUT_OF_MEMORY_EXIT_CODE = 137'],
    },
  ],
  'docs/decisions/dead-rows.md': [
    {
      says: 'ten rows at a time, 2,000 at the most, for three minutes at the most',
      file: 'src/triggers/purge-pages.ts',
      code: ['PARALLEL_PURGES = 10', 'MAX_PURGES = 2_000', 'MAX_RUN_MS = 180_000'],
    },
    {
      says: 'nothing has changed for an hour',
      file: 'src/domain/sweep/at-rest.ts',
      code: ['DEAD_ROW_REST_MS = 3_600_000', 'LOOK_GOOD_FOR_MS = 2_000'],
    },
    { says: 'twice an hour', file: 'src/main.ts', code: ["'purgeDeadRows', { schedule: '0 15,45 * * * *'"] },
  ],
  'docs/decisions/deletions-are-instances.md': [
    { says: 'a hundred at the most', file: 'src/domain/sweep/under-way.ts', code: ['MAX_UNDER_WAY = 100'] },
    { says: 'longer than two minutes', file: 'src/domain/sweep/under-way.ts', code: ['PATIENCE_MS = 120_000'] },
  ],
  'docs/decisions/events-are-hints.md': [
    { says: 'to six times that', file: 'src/domain/group/provisioning.ts', code: ['return pollIntervalMs * 6'] },
  ],
  'CONTRIBUTING.md': [
    {
      says: 'on every push to `main` and on every pull request',
      file: '.github/workflows/real-host.yml',
      code: ['on: push: branches: [main] pull_request:'],
    },
    { says: '100,000 mutated requests', file: 'test/fuzz/run.ts', code: ["default: '100000'"] },
    { says: 'always the same 1,000', file: 'test/fuzz/fuzz.test.ts', code: ['seed: 1, requestCount: 1_000'] },
    { says: 'about 100 lines and 300 at most', file: '.oxlintrc.json', code: ['"max-lines": ["error", { "max": 300'] },
  ],
  'CHANGELOG.md': [
    { says: 'costs ten queries at the most', file: 'src/triggers/http/aci-list.ts', code: ['MAX_PAGES = 10'] },
    { says: 'extension bundle 4.36 or later', file: 'host.json', code: ['"[4.36.0, 5.0.0)"'] },
  ],
};

const squeezed = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe.each(Object.entries(numbers))('the numbers of %s', (page, rows) => {
  test.each(rows)('$says: so does $file', ({ says, file, code }) => {
    expect(squeezed(readPage(page))).toContain(says);
    const source = squeezed(readFileSync(join(REPOSITORY, file), 'utf8'));
    expect(code.filter((line) => !source.includes(line))).toEqual([]);
  });
});
