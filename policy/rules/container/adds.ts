/** Says so where a capability is added, by its name or with all of them. */
export function adds(capability: string) {
  return (added: readonly string[] | undefined) =>
    (added?.includes(capability) === true && `adds ${capability}`) ||
    (added?.includes("ALL") === true && `adds ALL capabilities, ${capability} with them`);
}
