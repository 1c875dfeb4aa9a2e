/** How many records are asked for at once. */
const AT_ONCE = 5;

/** What is read of each record of a list, in its order, without those that are gone by now. */
export async function readEach<Listed, T>(
  listed: readonly Listed[],
  read: (one: Listed) => Promise<T | undefined>,
): Promise<T[]> {
  const found: (T | undefined)[] = [];
  for (let place = 0; place < listed.length; place += AT_ONCE) {
    found.push(...await Promise.all(listed.slice(place, place + AT_ONCE).map(read)));
  }
  return found.filter((one) => one !== undefined);
}
