// What a change of declared values means: which places differ, and whether the real object can be
// updated for it or has to be replaced. Places are as deep as the difference, so that a preview
// names `env.TOKEN` and not the whole of `env`.

import { type Field, type Fields, OnChange } from "./fields.ts";
import {
  equalValues,
  formatPath,
  isList,
  isMap,
  memberOf,
  type Path,
  type Value,
  type ValueMap,
} from "./values.ts";

export interface Change {
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
  readonly replace: boolean;
  /** False when the real object left what was declared, and the declaration did not change. */
  readonly inputDiff: boolean;
}

/** The change that an output shows where the real object left its declaration: put right in place. */
export const leftAt = (property: string): readonly Change[] => [
  { property, kind: "update", replace: false, inputDiff: false },
];

/** Every declared place that differs. Computed fields do not count: they follow from the others. */
export function diffFields(fields: Fields, olds: ValueMap, news: ValueMap): readonly Change[] {
  return diffMembers(fields, olds, news, [], OnChange.Replace);
}

interface Judged {
  readonly inputs: Fields;
  readonly judge?: (
    changes: readonly Change[],
    olds: ValueMap,
    news: ValueMap,
  ) => readonly Change[];
}

/** The same, with the resource's own word on what can be done in place. */
export function judgedChanges(resource: Judged, olds: ValueMap, news: ValueMap): readonly Change[] {
  const changes = diffFields(resource.inputs, olds, news);
  return resource.judge?.(changes, olds, news) ?? changes;
}

function diffMembers(
  fields: Fields,
  olds: ValueMap,
  news: ValueMap,
  path: Path,
  inherited: OnChange,
): readonly Change[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    // Most fields of most resources: nothing then, nothing now.
    if (isNothing(olds[name]) && isNothing(news[name])) return [];
    const onChange = field.options.onChange ?? inherited;
    if (field.options.computed === true && news[name] === undefined) return [];
    return diffField(field, olds[name], news[name], [...path, name], onChange);
  });
}

/**
 * The value, unless leaving it out says the same: nothing in a list or map, or the default. So an
 * import, which reads what is there, and a program that spells a default out mean one thing.
 */
export function unlessDefault(
  { shape, options }: Field,
  value: Value | undefined,
): Value | undefined {
  if (value === undefined || value === null) return undefined;
  if (isList(value)) return value.length === 0 ? undefined : value;
  if (isMap(value)) return Object.keys(value).length === 0 ? undefined : value;
  // The default of a string may be words about it.
  return shape.kind !== "string" && options.default === String(value) ? undefined : value;
}

function diffField(
  field: Field,
  before: Value | undefined,
  after: Value | undefined,
  path: Path,
  onChange: OnChange,
): readonly Change[] {
  const same = equalValues(unlessDefault(field, before), unlessDefault(field, after));
  if (onChange === OnChange.Ignore || same) return [];
  if (isNothing(before) || isNothing(after)) return changeOf(field, before, after, path, onChange);
  const inner = diffInner(field, before, after, path, onChange);
  return inner ?? changeOf(field, before, after, path, onChange);
}

function changeOf(
  { options }: Field,
  before: Value | undefined,
  after: Value | undefined,
  path: Path,
  onChange: OnChange,
): readonly Change[] {
  const kind = isNothing(before) ? "add" : isNothing(after) ? "delete" : "update";
  const effect = kind === "delete" ? (options.onRemove ?? onChange) : onChange;
  const replace = effect === OnChange.Replace;
  return [{ property: formatPath(path), kind, replace, inputDiff: true }];
}

/** A member of a map. One that comes or goes is a change even where it has nothing in it. */
function diffMember(
  element: Field,
  before: Value | undefined,
  after: Value | undefined,
  path: Path,
  onChange: OnChange,
): readonly Change[] {
  const named = element.shape.kind === "object" && isNothing(before) !== isNothing(after);
  return named && onChange !== OnChange.Ignore
    ? changeOf(element, before, after, path, onChange)
    : diffField(element, before, after, path, onChange);
}

function isNothing(value: Value | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function diffInner(
  { shape }: Field,
  before: Value | undefined,
  after: Value | undefined,
  path: Path,
  onChange: OnChange,
): readonly Change[] | undefined {
  if (shape.kind === "object" && isMap(before) && isMap(after)) {
    return diffMembers(shape.fields, before, after, path, onChange);
  }
  if (shape.kind === "map" && isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) =>
      diffMember(
        shape.element,
        memberOf(before, key),
        memberOf(after, key),
        [...path, key],
        onChange,
      ),
    );
  }
  if (shape.kind === "list" && isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      diffField(shape.element, before[index], after[index], [...path, index], onChange),
    );
  }
  return undefined;
}
