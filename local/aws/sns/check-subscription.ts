import { checkFilterPolicy, checkFilterScope } from './filter/check-policy.ts';

/** The attributes of a Subscribe request: `Attributes.entry.1.key` and `.value`, and so on. */
function attributesOf(form: ReadonlyMap<string, string>): Record<string, string | undefined> {
  const attributes: Record<string, string | undefined> = {};
  for (const [name, key] of form) {
    const entry = /^Attributes\.entry\.\d+\.key$/.exec(name)?.[0];
    if (entry !== undefined) attributes[key] = form.get(entry.replace(/key$/, 'value'));
  }
  return attributes;
}

/** Throws for a filter policy or a scope that SNS refuses in Subscribe. */
export function checkSubscribe(form: ReadonlyMap<string, string>): void {
  const { FilterPolicy, FilterPolicyScope } = attributesOf(form);
  if (FilterPolicyScope !== undefined)
    checkFilterScope(FilterPolicyScope, 'Attributes Reason: FilterPolicyScope');
  if (FilterPolicy) checkFilterPolicy(FilterPolicy, FilterPolicyScope, 'Attributes Reason: FilterPolicy');
}

/** The same for SetSubscriptionAttributes; `current` are the subscription's attributes before. */
export function checkSetSubscriptionAttributes(
  form: ReadonlyMap<string, string>,
  current: Readonly<Record<string, string>>,
): void {
  const [name, value = ''] = [form.get('AttributeName'), form.get('AttributeValue')];
  if (name === 'FilterPolicy' && value !== '') checkFilterPolicy(value, current['FilterPolicyScope']);
  if (name !== 'FilterPolicyScope') return;
  checkFilterScope(value);
  if (current['FilterPolicy']) checkFilterPolicy(current['FilterPolicy'], value);
}
