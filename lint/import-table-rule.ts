import { dirname, join, relative, sep } from 'node:path';
import { ANY_PACKAGE, ANY_PACKAGE_BUT_AZURE, type Grant, importTable, NODE } from './import-table.ts';
import type { Rule, Span } from './rule.ts';

const REPOSITORY = join(import.meta.dirname, '..');

/** Reports every import, re-export, import type and dynamic import that the import table does not grant. */
export const importTableRule: Rule = {
  create(context) {
    const file = toSlashes(relative(REPOSITORY, context.filename));
    const owner = Object.keys(importTable).find((key) => isWithin(file, key));
    const check = (node: Span, specifier: string, as: Grant['as']) => {
      const message = refuseImport(file, owner, resolve(file, specifier), as);
      if (message !== undefined) {
        context.report({ node, message });
      }
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value, node.importKind ?? 'value'),
      ExportAllDeclaration: (node) => check(node, node.source.value, node.exportKind ?? 'value'),
      ExportNamedDeclaration: (node) => {
        if (node.source !== null) {
          check(node, node.source.value, node.exportKind ?? 'value');
        }
      },
      TSImportType: (node) => check(node, node.source.value, 'type'),
      ImportExpression: (node) => {
        if (node.source.type === 'Literal' && typeof node.source.value === 'string') {
          check(node, node.source.value, 'value');
        } else if (file.startsWith('src/')) {
          context.report({ node, message: 'A computed import cannot be held against the import table.' });
        }
      },
    };
  },
};

function refuseImport(file: string, owner: string | undefined, target: string, as: Grant['as']): string | undefined {
  if (owner === undefined) {
    return `${file} has no row in lint/import-table.ts: say there what its folder may import.`;
  }
  if (isWithin(target, owner)) {
    return undefined;
  }
  const grants = (importTable[owner] ?? []).filter((grant) => covers(grant.module, target));
  if (grants.some((grant) => grant.as === 'value' || grant.as === as)) {
    return undefined;
  }
  return grants.length > 0
    ? `${owner} may import ${target} only with \`import type\` (lint/import-table.ts).`
    : `${owner} may not import ${target} (lint/import-table.ts).`;
}

/** A path of the repository for a relative specifier; the name of the package, or `node:…`, for the rest. */
function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    return toSlashes(join(dirname(file), specifier));
  }
  if (specifier.startsWith('node:')) {
    return specifier;
  }
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function covers(module: string, target: string): boolean {
  const isPackage = !target.startsWith(NODE) && !/\.[a-z]+$/.test(target);
  if (module === ANY_PACKAGE) {
    return isPackage;
  }
  if (module === ANY_PACKAGE_BUT_AZURE) {
    return isPackage && !/^(@azure\/|durable-functions)/.test(target);
  }
  return module === NODE ? target.startsWith(module) : isWithin(target, module);
}

function isWithin(path: string, folderOrFile: string): boolean {
  return path === folderOrFile || path.startsWith(`${folderOrFile}/`);
}

function toSlashes(path: string): string {
  return path.replaceAll(sep, '/');
}
