import { expect, test } from 'vitest';
import { createInterrupts } from '../../../smoke/interrupts.ts';

test('the first Ctrl-C ends the steps and not the cleaning up, also where npm hands it on a second time', () => {
  const said: string[] = [];
  const { stop, giveUp, interrupt } = createInterrupts((line) => said.push(line));
  expect(stop.aborted).toBe(false);
  interrupt(10_000);
  interrupt(10_999);
  expect([stop.aborted, giveUp.aborted]).toEqual([true, false]);
  expect(said).toHaveLength(1);
});

test('a later one ends the cleaning up, too', () => {
  const { giveUp, interrupt } = createInterrupts(() => undefined);
  interrupt(10_000);
  interrupt(11_000);
  expect(giveUp.aborted).toBe(true);
});
