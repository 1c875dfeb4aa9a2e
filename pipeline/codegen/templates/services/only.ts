/** Of a record only these members, as far as it has them. */
export function only<T extends object, Name extends keyof T>(
  record: T,
  ...names: Name[]
): Pick<T, Name> {
  return Object.fromEntries(
    names.flatMap((name) => name in record ? [[name, record[name]]] : []),
  ) as Pick<T, Name>;
}
