import { describe, expect, test } from 'vitest';
import { incidentSchema, inspectionSchema } from '../../../src/domain/inspect/inspecting.ts';
import { LOOKS_AT_ONCE } from '../../../src/domain/inspect/inspection-pace.ts';
import { STANDARD_LAST_LINES } from '../../../src/domain/inspect/last-lines.ts';
import { RESTART_WINDOW_MS } from '../../../src/domain/inspect/restart-count.ts';
import { readPage } from './markdown.ts';

const page = readPage('docs/inspection.md');

describe('the page of the inspection', () => {
  test('tells every field of its report, and every kind of incident', () => {
    const words = [...Object.keys(inspectionSchema.shape), ...incidentSchema.shape.what.options];
    expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  });

  test('tells the numbers of the code', () => {
    expect(page).toContain(`takes ${LOOKS_AT_ONCE} groups at a time`);
    expect({ RESTART_WINDOW_MS, STANDARD_LAST_LINES }).toEqual({ RESTART_WINDOW_MS: 900_000, STANDARD_LAST_LINES: 10 });
    expect(page).toMatch(/three ends of a container within a quarter of an hour/);
    expect(page).toContain('the last ten lines');
  });
});
