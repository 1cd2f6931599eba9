import type { GroupId } from '../group/group-id.ts';
import type { Violation } from '../violation.ts';

/**
 * The names that Azure refuses, each with the rule that it breaks
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
 */
export function checkGroupId({ resourceGroup, containerGroupName }: GroupId): Violation[] {
  return [
    ...checkResourceGroup(resourceGroup),
    ...checkLabel('containerGroupName', containerGroupName, { min: 1, max: 63 }),
  ];
}

/** 1 to 90 letters, digits, `_`, `-`, `.`, `(` and `)`, not ending with a dot. */
function checkResourceGroup(name: string): Violation[] {
  const field = 'resourceGroup';
  if (/[\u0080-\uFFFF]/.test(name)) {
    // Azure allows letters of any alphabet; the durable client puts instance ids into headers and URLs as Latin-1.
    return [{ field, expected: 'ASCII characters only', code: 'resourceGroupNotAscii' }];
  }
  if (name.length === 0 || name.length > 90) {
    return [{ field, expected: '1 to 90 characters' }];
  }
  if (!/^[\w().-]+$/.test(name)) {
    return [{ field, expected: 'letters, digits, and _ - . ( ) only' }];
  }
  return name.endsWith('.') ? [{ field, expected: 'a name that does not end with a dot' }] : [];
}

/** Lower-case letters, digits and single hyphens, neither first nor last: container groups, containers, volumes. */
export function checkLabel(field: string, name: string, length: { min: number; max: number }): Violation[] {
  if (name.length < length.min || name.length > length.max) {
    return [{ field, expected: `${length.min} to ${length.max} characters` }];
  }
  if (!/^[a-z0-9-]+$/.test(name)) {
    return [{ field, expected: 'lower-case letters, digits and hyphens only' }];
  }
  if (name.startsWith('-') || name.endsWith('-')) {
    return [{ field, expected: 'a name that neither begins nor ends with a hyphen' }];
  }
  return name.includes('--') ? [{ field, expected: 'a name without two hyphens in a row' }] : [];
}

/** 5 to 63 lower-case letters, digits and hyphens, beginning with a letter, ending with a letter or digit. */
export function checkDnsNameLabel(field: string, label: string): Violation[] {
  if (label.length < 5 || label.length > 63) {
    return [{ field, expected: '5 to 63 characters' }];
  }
  return /^[a-z][a-z0-9-]*[a-z0-9]$/.test(label)
    ? []
    : [
        {
          field,
          expected: 'lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
        },
      ];
}

/** 1 to 63 letters, digits and underscores. */
export function checkEnvironmentVariableName(field: string, name: string): Violation[] {
  return /^\w{1,63}$/.test(name) ? [] : [{ field, expected: '1 to 63 letters, digits and underscores' }];
}
