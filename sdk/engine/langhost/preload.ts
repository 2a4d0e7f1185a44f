// Bounds how long an error of a program may take to print. The SDK prints an uncaught error with
// `util.inspect(error, { colors: true })`. Node's colouring of stack frames loops until the string
// is too long (15 to 100 s, gigabytes) on a frame such as `/node_modules/@pulumi/resource.ts`: a
// scope with one segment after it, which is what the SDK's own source maps make of its files. Seen
// with Node 20.20.2 and 22.23.3. So errors are printed without colour here; the engine colours its
// lines itself. An error that drags a huge object along is printed with fewer of its levels.
import Module, { syncBuiltinESMExports } from "node:module";
import util from "node:util";

/** Members that an error may drag along before fewer levels of it are shown. */
const membersMax = 1_000;
/** What `util.inspect` itself shows, so that ordinary errors look as they always do. */
const depthMax = 2;

function children(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  // Through descriptors: a getter of the user's must not run because of a look from here.
  return Reflect.ownKeys(value)
    .slice(0, membersMax + 1)
    .flatMap((key) => {
      const member = Object.getOwnPropertyDescriptor(value, key);
      return member !== undefined && "value" in member ? [member.value as unknown] : [];
    });
}

/** The number of levels, at most {@link depthMax}, that hold no more than `membersMax` members. */
export function affordableDepth(value: unknown): number {
  let level: readonly unknown[] = [value];
  let seen = 0;
  for (let depth = 0; depth <= depthMax; depth++) {
    const next: unknown[] = [];
    for (const each of level) {
      const members = children(each);
      seen += members.length;
      if (seen > membersMax) return Math.max(0, depth - 1);
      next.push(...members);
    }
    level = next;
  }
  return depthMax;
}

function isErrorLike(value: unknown): boolean {
  if (util.types.isNativeError(value)) return true;
  return typeof value === "object" && value !== null && "stack" in value;
}

/** Options under which an error prints in bounded time; other values keep what was asked for. */
export function boundedOptions(value: unknown, options: util.InspectOptions): util.InspectOptions {
  if (!isErrorLike(value)) return options;
  const depth = affordableDepth(value);
  return {
    ...options,
    colors: false,
    ...(depth < depthMax ? { depth: Math.min(depth, options.depth ?? depthMax) } : {}),
  };
}

/** Puts the bounded inspect in place, for `require("util")` and `import ... from "node:util"`. */
export function boundErrorPrinting(): void {
  const original = util.inspect;
  const bounded = (value: unknown, ...rest: readonly unknown[]): string => {
    const [first] = rest;
    const plain = typeof first === "object" && first !== null ? first : {};
    return isErrorLike(value) && typeof first !== "boolean"
      ? original(value, boundedOptions(value, plain))
      : Reflect.apply(original, undefined, [value, ...rest]);
  };
  Object.defineProperties(bounded, Object.getOwnPropertyDescriptors(original));
  util.inspect = bounded as typeof util.inspect;
  syncBuiltinESMExports();
}

type Load = (request: string, ...rest: readonly unknown[]) => unknown;

/**
 * Keeps the SDK's `source-map-support` out where Node maps frames itself (as under tsx). It knows
 * only the file on disk, not what a loader made of it, and would show `index.ts:1:846` for line 20.
 */
export function keepNodeSourceMaps(): void {
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = function (this: unknown, request, ...rest) {
    if (request !== "source-map-support/register") return load.call(this, request, ...rest);
    // The run scripts ask for it before all else; from then on no frame of ours is in a stack.
    loader._load = load;
    const { sourceMapsEnabled } = process as { readonly sourceMapsEnabled?: boolean };
    return sourceMapsEnabled === true ? {} : load.call(this, request, ...rest);
  };
}
