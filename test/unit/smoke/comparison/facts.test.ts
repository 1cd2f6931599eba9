import { describe, expect, test } from 'vitest';
import { factsOf } from '../../../../smoke/comparison/facts.ts';
import { answerOf } from '../answer-fixture.ts';

const NAMES = { 'smoke-1-2': 'NAME-2', 'smoke-1': 'NAME', games: 'GROUP', 'https://host.example': 'ORIGIN' };
const facts = (body: unknown, headers = {}, status = 200) => factsOf(answerOf(status, body, headers), NAMES);

describe('the facts of an answer', () => {
  test('are its status, its fields and their kinds, and the values of those that are a promise', () => {
    const body = {
      state: 'Running',
      location: 'westeurope',
      createdAt: '2026-11-24T10:00:00.000Z',
      activeSessions: 3,
      durationMs: 12,
      ok: true,
      none: null,
    };
    expect(facts(body)).toEqual({
      status: '200',
      'body.state': 'Running',
      'body.location': 'text',
      'body.createdAt': 'time',
      'body.activeSessions': '3',
      'body.durationMs': 'number',
      'body.ok': 'true',
      'body.none': 'null',
    });
  });

  test('tell the items of a list together, and an empty one apart', () => {
    const body = { results: [{ status: 'stale' }, { status: 'accepted', detail: 'x' }], failed: [] };
    expect(facts(body)).toMatchObject({
      'body.results': 'list',
      'body.results[].status': 'accepted | stale',
      'body.results[].detail': 'text',
      'body.failed': 'empty list',
    });
  });

  test('have stand-ins for the names of the run, in whichever case, and leave words alone that only hold one', () => {
    expect(facts({ expected: 'GAMES and smoke-1, smoke-1-2, not endgames' })).toMatchObject({
      'body.expected': 'GROUP and NAME, NAME-2, not endgames',
    });
  });

  test('hold no key of an address', () => {
    const location =
      'https://host.example/runtime/webhooks/durabletask/instances/provision%3Agames%3Asmoke-1?code=hunter2';
    const found = facts({ statusQueryGetUri: location }, { location, 'x-request-id': crypto.randomUUID() });
    expect(found).toMatchObject({
      'header location': 'ORIGIN/runtime/webhooks/durabletask/instances/provision:GROUP:NAME',
      'header x-request-id': 'id',
      'body.statusQueryGetUri': 'text',
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('tell an empty body from one that is no JSON', () => {
    expect(facts('', {}, 401)).toEqual({ status: '401', body: 'empty' });
    expect(facts('<html>')).toEqual({ status: '200', body: 'no JSON' });
  });
});
