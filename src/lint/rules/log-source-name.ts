import { nearest } from '../../sigma/rule/suggest.ts';
import { ruleText } from '../examples.ts';
import { PRODUCTS } from '../knowledge/taxonomy.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'log-source-name',
  severity: 'warning',
  summary: 'The product is misspelt, or a name of the log source is not in lower case.',
  why:
    'A rule for a product that does not exist is used nowhere, and nobody says so. Names of log sources are written in lower case; other ' +
    'tools compare them exactly.',
  avoid: ruleText('logsource:\n    category: process_creation\n    product: windwos'),
  prefer: ruleText('logsource:\n    category: process_creation\n    product: windows'),
  check(document, report) {
    for (const key of ['product', 'category', 'service']) {
      const name = document.scalar('logsource', key);
      if (name === undefined || document.kind === 'correlation') continue;
      const lower = name.text.toLowerCase();
      const meant = key !== 'product' || PRODUCTS.includes(lower) ? undefined : nearest(lower, PRODUCTS, FAR);
      if (meant !== undefined) report({ at: name, message: `"${name.text}" is no product.`, hint: `Did you mean "${meant}"?` });
      else if (lower !== name.text && /^[\w-]+$/.test(name.text))
        report({ at: name, message: `"${name.text}" must be written in lower case.`, hint: `Write "${lower}".` });
    }
  },
};

/** Products have short names: one that differs in more letters is another. */
const FAR = 0.3;
