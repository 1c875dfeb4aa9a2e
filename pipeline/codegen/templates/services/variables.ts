/** Variables of a request without members that have no value, and what is left empty by that. */
export function withValues(variables: object): object {
  return (prune(variables) ?? {}) as object;
}

function prune(value: unknown): unknown {
  if (value === null || value === undefined || value === "") return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const elements = value.map(prune).filter((one) => one !== undefined);
    return elements.length > 0 ? elements : undefined;
  }
  const members = Object.entries(value)
    .map(([name, member]) => [name, prune(member)])
    .filter(([, member]) => member !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}
