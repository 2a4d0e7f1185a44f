// What this run keeps: objects it created or found unchanged. With names made from the inputs, a
// revert takes an earlier object back while the state still lists it for deletion under the same id;
// such a delete must be skipped. In a destroy nothing is kept, and nothing is skipped.

import type { Value } from "./values.ts";

export class KeptObjects {
  private readonly byUrn = new Map<
    string,
    { readonly id: string; readonly name: Value | undefined }
  >();

  keep(urn: string, id: string, name: Value | undefined): void {
    this.byUrn.set(urn, { id, name });
  }

  /** The object of this URN is going to be replaced. */
  release(urn: string): void {
    this.byUrn.delete(urn);
  }

  /** The name of the object of this URN, when this run has found that it stays. */
  nameOf(urn: string): Value | undefined {
    return this.byUrn.get(urn)?.name;
  }

  has(id: string): boolean {
    return [...this.byUrn.values()].some((object) => object.id === id);
  }
}
