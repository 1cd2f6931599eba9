import type { Invariant } from './invariant.ts';

/** What was given in confidence is nowhere to be read. */
export const secrets: Invariant = {
  name: 'secrets',
  promise:
    'No secure value, no password of a registry and no token of a container is in an answer, in a line of the log, or in the ' +
    'bytes of the store, as it is or in base64, hexadecimal or UTF-16. The one exception is the next token in the answer to ' +
    'the report of the container that it is for.',
  judge() {
    return {
      take: (fact) => (fact.fact === 'leak' ? [{ says: `${fact.secret} is in ${fact.place}` }] : []),
    };
  },
};
