/** What a user may do in a namespace, as the server lists it (SelfSubjectRulesReview), and whether a right follows from the list. */

export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: every name. */
  readonly resourceNames: readonly string[];
}

export interface AccessRules {
  readonly rules: readonly AccessRule[];
  /** False where an authorizer cannot list what it allows: then only what is in the list is known. */
  readonly complete: boolean;
}

interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
}

/** The rule that gives the right; undefined where none does. As RBAC reads rules: a list of names gives nothing that has no name yet. */
export function ruleFor({ rules }: AccessRules, { verb, group, resource, subresource, name }: Right): AccessRule | undefined {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const holds = (list: readonly string[], wanted: string) => list.includes('*') || list.includes(wanted);
  return rules.find(
    (rule) =>
      holds(rule.verbs, verb) &&
      holds(rule.apiGroups, group) &&
      (holds(rule.resources, what) || (subresource !== undefined && rule.resources.includes(`*/${subresource}`))) &&
      (rule.resourceNames.length === 0 || (verb !== 'create' && name !== undefined && rule.resourceNames.includes(name))),
  );
}
