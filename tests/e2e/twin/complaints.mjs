import { AxeBuilder } from '@axe-core/playwright';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules that ask what colours things have. */
export const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong with a page by WCAG 2.2 AA and good practice, one text a rule with the places it is broken. By all
 * its rules, or by those that are named.
 */
export async function complaintsOfAxe(page, rules) {
  // An open dialog hides the page behind it, its main landmark and its heading with it.
  const dialog = (await page.locator('[role=dialog]').count()) > 0;
  const builder = new AxeBuilder({ page });
  if (rules) builder.withRules(rules);
  else builder.withTags(TAGS).disableRules(dialog ? ['landmark-one-main', 'page-has-heading-one', 'region'] : []);
  const { violations } = await builder.analyze();
  return violations.map((rule) => {
    const places = rule.nodes.slice(0, 4).map((node) => `  ${node.target.join(' ')}\n  ${node.html.slice(0, 200)}\n  ${node.any.map((check) => check.message).join('; ').slice(0, 300)}`);
    return `${rule.id}: ${rule.help}\n${places.join('\n')}`;
  });
}
