import { describe, expect, test } from 'vitest';
import { newestVersion, versionFor } from '../../src/durable/version.ts';
import { loadApp } from './app.ts';
import { currentVersion, findGoldenFiles, isReleased } from './golden-files.ts';
import { contracts, paths } from './paths.ts';
import { recordPath } from './record-path.ts';
import { formatRecording, parseAnswer, type Recording } from './recording.ts';
import { findReplayFault } from './replay.ts';

const { invoker: app, orchestrators } = await loadApp();
const files = findGoldenFiles();

describe.each([...new Set(files.map(({ appVersion }) => appVersion))])('what %s began', (version) => {
  const wayOut = isReleased(version)
    ? 'A released orchestrator has changed. What it began would break: leave it as it is and add a version of it (CONTRIBUTING, "How to add").'
    : 'This version is not released yet: `npm run record-histories` records it anew.';

  test.each(files.filter(({ appVersion }) => appVersion === version))(
    'goes on as it was recorded: $orchestrator, $path',
    async ({ orchestrator, path, read }) => {
      const recording = read();
      const fault = await findReplayFault(app, recording, { isSuperseded: isSuperseded(recording) });
      expect(fault, `${orchestrator} of ${version}, path ${path}, ${fault} ${wayOut}`).toBeUndefined();
    },
  );
});

/** Whether the orchestrator is eternal and has a newer version than the one that goes on with the recording. */
function isSuperseded({ orchestrator, version }: Recording): boolean {
  const contract = contracts.find(({ name }) => name === orchestrator);
  return contract?.isEternal === true && versionFor(contract, version) !== newestVersion(contract);
}

describe('an eternal orchestration of an older version', () => {
  const endsItself: typeof app.orchestrator = async (name, payload, instanceId) => {
    const { actions, state } = parseAnswer(await app.orchestrator(name, payload, instanceId), false);
    const kept = actions.filter((action) => !/"actionType":4\b/.test(JSON.stringify(action)));
    return JSON.stringify({ ...state, actions: [kept] });
  };

  test('ends where it continued as new', async () => {
    const recording = readAny('nothing-until-timer', currentVersion());
    expect(
      await findReplayFault({ ...app, orchestrator: endsItself }, recording, { isSuperseded: true }),
    ).toBeUndefined();
    expect(await findReplayFault(app, recording, { isSuperseded: true })).toMatch(
      /^episode 3 of 3: actions\[2\]: recorded nothing, now {.*"actionType":4/,
    );
  });

  test('of which there is no newer one goes on', async () => {
    const recording = readAny('nothing-until-timer', currentVersion());
    expect(await findReplayFault({ ...app, orchestrator: endsItself }, recording)).toMatch(
      /^episode 3 of 3: actions\[2\]: recorded {.*"actionType":4/,
    );
  });
});

describe('the recordings of the current version', () => {
  test('are one for each path, and no other: else `npm run record-histories` or another version is due', () => {
    const recorded = files.filter(({ appVersion }) => appVersion === currentVersion());
    expect(recorded.map(({ orchestrator, path }) => `${orchestrator} ${path}`).toSorted()).toEqual(
      paths.map(({ orchestrator, name }) => `${orchestrator} ${name}`).toSorted(),
    );
  });

  test('cover every orchestrator of the app', () => {
    expect(new Set(paths.map(({ orchestrator }) => orchestrator))).toEqual(new Set(orchestrators));
  });

  test('are the same whenever they are made', async () => {
    for (const path of paths.filter(({ name }) => name === 'ready-by-poll' || name === 'third-turn-by-sweep-now')) {
      expect(formatRecording(await recordPath(app, path))).toBe(formatRecording(await recordPath(app, path)));
    }
  });
});

describe('a replay notices', () => {
  test('a step that is another one than history has, as Durable does', async () => {
    const recording = readAny();
    recording.history = recording.history.map((event) =>
      'Name' in event && event.Name === 'createContainerGroup' ? { ...event, Name: 'reserveContainerGroup' } : event,
    );
    expect(await findReplayFault(app, recording)).toMatch(
      /would end it: Non-Deterministic workflow detected: history has activity 'reserveContainerGroup' as step 1/,
    );
  });

  test('another input of a step, which Durable does not notice', async () => {
    const recording = readAny();
    recording.episodes[0]?.answer.actions.splice(0, 1, {
      operation: 'create',
      actionType: 7,
      input: {},
      instanceId: 'a',
    });
    expect(await findReplayFault(app, recording)).toMatch(
      /^episode 1 of 8: actions\[0\]\.input\.at: recorded nothing, now "2026.* would not notice\.$/,
    );
  });

  test('a step behind the last recorded one, which Durable does not notice', async () => {
    const recording = readAny();
    recording.episodes[6]?.answer.actions.pop();
    expect(await findReplayFault(app, recording)).toMatch(
      /^episode 7 of 8: actions\[6\]: recorded nothing, now {"operation":"provisioned".* would not notice\.$/,
    );
  });

  test('an earlier return, which Durable does not notice', async () => {
    const recording = readAny();
    Object.assign(recording.episodes.at(-1)?.answer.state ?? {}, { isDone: false });
    expect(await findReplayFault(app, recording)).toBe(
      'episode 8 of 8: state.isDone: recorded false, now true. The Durable extension would not notice.',
    );
  });
});

describe('an orchestrator is given', () => {
  const versionsSeen = async (recording: Recording): Promise<Set<unknown>> => {
    const payloads: string[] = [];
    const orchestrator: typeof app.orchestrator = (name, payload, instanceId) => {
      payloads.push(payload);
      return app.orchestrator(name, payload, instanceId);
    };
    expect(await findReplayFault({ ...app, orchestrator }, recording)).toBeUndefined();
    return new Set(payloads.map((payload) => /"ExecutionId".*?"Version":("[^"]*"|null)/.exec(payload)?.[1]));
  };

  test('the version that history says', async () => {
    const recording = readAny();
    recording.version = '0.1.1';
    recording.history = recording.history.map((event) =>
      'ParentInstance' in event ? { ...event, Version: '0.1.1' } : event,
    );
    expect(await versionsSeen(recording)).toEqual(new Set(['"0.1.1"']));
  });

  test('none in both forms: what the local host gives, and what Azure gives', async () => {
    expect(await versionsSeen(readAny())).toEqual(new Set(['""', 'null']));
  });
});

function readAny(name = 'ready-by-event', version = '0.1.0'): Recording {
  const file = files.find(({ appVersion, path }) => appVersion === version && path === name);
  if (file === undefined) throw new Error('The recording is gone.');
  return file.read();
}
