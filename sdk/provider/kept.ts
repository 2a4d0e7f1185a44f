// What this run keeps: objects it created or found unchanged. With names made from the inputs, a
// revert takes an earlier object back while the state still lists it for deletion under the same id;
// such a delete must be skipped. In a destroy nothing is kept, and nothing is skipped.

/** Ids are names where people give them: a package, a group and a user may all be called "docker". */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

export class KeptObjects {
  private readonly idOf = new Map<string, string>();
  private readonly former = new Map<string, string>();

  keep(urn: string, id: string): void {
    this.idOf.set(urn, id);
  }

  /** The object of this URN is going to be replaced. */
  release(urn: string): void {
    this.idOf.delete(urn);
  }

  /** Whether an object of that id, and of the URN's type, is kept. */
  has(urn: string, id: string): boolean {
    const type = typeOf(urn);
    return [...this.idOf].some(([other, kept]) => kept === id && typeOf(other) === type);
  }

  /** The name under which the state had the object of this URN when the run began. */
  remember(urn: string, name: string): void {
    if (!this.former.has(urn)) this.former.set(urn, name);
  }

  formerName(urn: string): string | undefined {
    return this.former.get(urn);
  }
}
