import { describe, expect, test } from 'vitest';
import { diagnoseAnswer } from '../../../../smoke/diagnosis/diagnose-answer.ts';
import { answerOf } from '../answer-fixture.ts';

describe('an answer that is not the promised one', () => {
  test.each([
    {
      what: 'a key that is none of the function',
      answer: answerOf(401),
      says: 'came 401 without a body',
      next: /role operator.*azd hooks run postdeploy/,
    },
    {
      what: 'a host without functions',
      answer: answerOf(404),
      says: 'came 404 without a body',
      next: /az functionapp function list.*package is not installed/,
    },
    {
      what: 'another web site',
      answer: answerOf(200, '<html><title>Your web app is running</title></html>'),
      says: 'came 200 Your web app is running',
      next: /output baseUrl: another program/,
    },
    {
      what: 'a redirection, whose key is not shown',
      answer: answerOf(301, '', { location: 'https://other.example/api/health?code=hunter2' }),
      says: 'came 301 to https://other.example/api/health.',
      next: /that it leads to/,
    },
    {
      what: 'an app that is stopped',
      answer: answerOf(
        403,
        '<title>Web App - Unavailable</title>The web app you have attempted to reach is currently stopped',
      ),
      says: 'came 403 Web App - Unavailable',
      next: /az functionapp start.*says that it is stopped/,
    },
    {
      what: 'bad settings',
      answer: answerOf(503, { status: 'badSettings', settings: ['ACI_SEALING_KEYS: it is missing'] }),
      says: 'badSettings; ACI_SEALING_KEYS: it is missing',
      next: /read the vault again/,
    },
    {
      what: 'a wrong sealing key',
      answer: answerOf(503, { status: 'wrongSealingKeys', events: {} }),
      says: 'came 503 wrongSealingKeys',
      next: /put the earlier one back/,
    },
    {
      what: 'a host that starts',
      answer: answerOf(503),
      says: 'came 503',
      next: /Try again in a minute.*Application Insights/,
    },
    { what: 'a host that breaks', answer: answerOf(500), says: 'came 500', next: /Application Insights/ },
    { what: 'too many requests', answer: answerOf(429), says: 'came 429', next: /wait a minute/ },
    {
      what: 'a problem of the app',
      answer: answerOf(
        500,
        { code: 'internal', detail: 'Something went wrong on our side.' },
        { 'x-request-id': 'the-request' },
      ),
      says: 'came 500 internal: Something went wrong on our side.',
      next: /x-request-id/,
    },
    {
      what: 'a region that is not allowed',
      answer: answerOf(403, { code: 'notAllowed', detail: 'No.', field: 'containerGroup.location' }),
      says: '(field containerGroup.location)',
      next: /ACI_ALLOWED_/,
    },
    {
      what: 'a code of another version',
      answer: answerOf(409, { code: 'neverHeard', detail: 'New.' }, { 'x-request-id': 'the-request' }),
      says: 'neverHeard',
      next: /docs\/failures\.md.*the-request/,
    },
  ])('$what', ({ answer, says, next }) => {
    const failure = diagnoseAnswer(answer, '200');
    expect(failure.message).toContain('GET health: expected 200, came');
    expect(failure.message).toContain(says);
    expect(failure.next).toMatch(next);
    expect(`${failure.message} ${failure.next}`).not.toContain('hunter2');
  });
});
