import { expect, test } from 'vitest';
import { type FaultAim, type FaultTarget, isAimedAt } from '../../../../../local/arm/faults/fault-target.ts';

const target: FaultTarget = {
  region: 'westeurope',
  resourceGroup: 'Games',
  name: 'game-1',
  images: ['games.azurecr.io/server:2', 'games.azurecr.io/side@sha256:1'],
  operation: 'PUT',
};

test.each<{ says: string; aim: Partial<FaultAim>; isHit: boolean; at?: FaultTarget }>([
  { says: 'nothing asked about', aim: {}, isHit: true },
  { says: 'its region among others', aim: { regions: ['eastus', 'westeurope'] }, isHit: true },
  { says: 'another region', aim: { regions: ['eastus'] }, isHit: false },
  { says: 'no region at all', aim: { regions: [] }, isHit: false },
  { says: 'its resource group in another letter case', aim: { resourceGroups: ['gAMES'] }, isHit: true },
  { says: 'its name in another letter case', aim: { names: ['GAME-1'] }, isHit: true },
  { says: 'a part of its name', aim: { names: ['game'] }, isHit: false },
  { says: 'a pattern', aim: { names: ['other', 'g*-*'] }, isHit: true },
  {
    says: 'a pattern with signs of a regular expression',
    aim: { names: ['game.1', '(game-1', 'game-1|x'] },
    isHit: false,
  },
  { says: 'an image with any tag', aim: { images: ['games.azurecr.io/server'] }, isHit: true },
  { says: 'an image by its digest', aim: { images: ['games.azurecr.io/side'] }, isHit: true },
  { says: 'another tag', aim: { images: ['games.azurecr.io/server:1'] }, isHit: false },
  { says: 'the beginning of an image', aim: { images: ['games.azurecr.io/serv'] }, isHit: false },
  { says: 'another kind of request', aim: { operations: ['GET', 'LIST'] }, isHit: false },
  { says: 'all at once', aim: { regions: ['westeurope'], names: ['*'], operations: ['PUT'] }, isHit: true },
  { says: 'one of two wrong', aim: { regions: ['westeurope'], names: ['lobby-*'] }, isHit: false },
  { says: 'a name of what has none', aim: { names: ['*'] }, isHit: false, at: { region: 'westeurope' } },
  { says: 'a region of what has none', aim: { regions: ['westeurope'] }, isHit: false, at: {} },
])('an aim with $says hits: $isHit', ({ aim, isHit, at = target }) => {
  expect(isAimedAt({ kind: 'fault', ...aim }, at)).toBe(isHit);
});
