import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArmExpressions } from './arm-expression.ts';
import { compiledTemplates } from './template.ts';

describe('the random keys of the template', () => {
  const keptSecrets = compiledTemplates().filter(({ template }) => template.parameters?.['randomGuids'] !== undefined);

  it('are made in two places: the sealing key, and one for each role', () => {
    expect(keptSecrets.map(({ path }) => path.split('/').at(-1))).toStrictEqual([
      'sealing-keys',
      "[format('role-key-{0}', parameters('roleNames')[copyIndex()])]",
    ]);
  });

  for (const { path, template } of keptSecrets) {
    const expressions = new ArmExpressions(template.functions);
    const key = (guids: readonly string[]): string => String(expressions.call('__bicep.randomKey', guids.join('')));
    const threeGuids = fc.tuple(fc.uuid({ version: 4 }), fc.uuid({ version: 4 }), fc.uuid({ version: 4 }));

    it(`are 32 bytes in base64, whatever the GUIDs (${path})`, () => {
      fc.assert(
        fc.property(threeGuids, (guids) => {
          const bytes = Buffer.from(key(guids), 'base64');
          expect(bytes).toHaveLength(32);
          expect(bytes.toString('base64')).toBe(key(guids));
        }),
      );
    });

    it(`have 256 bits that chance decides (${path})`, () => {
      const everSet = Buffer.alloc(32, 0x00);
      const alwaysSet = Buffer.alloc(32, 0xff);
      fc.assert(
        fc.property(threeGuids, (guids) => {
          for (const [index, byte] of Buffer.from(key(guids), 'base64').entries()) {
            everSet[index] = (everSet[index] ?? 0) | byte;
            alwaysSet[index] = (alwaysSet[index] ?? 0) & byte;
          }
        }),
        { numRuns: 200, seed: 1 },
      );
      expect(everSet).toStrictEqual(Buffer.alloc(32, 0xff));
      expect(alwaysSet).toStrictEqual(Buffer.alloc(32, 0x00));
    });

    it(`are drawn anew by each deployment, out of sight, and kept if there is one (${path})`, () => {
      expect(template.parameters?.['randomGuids']).toMatchObject({
        type: 'securestring',
        defaultValue: "[format('{0}{1}{2}', newGuid(), newGuid(), newGuid())]",
      });
    });
  }
});
