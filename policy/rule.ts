// What a rule is. Its check is pure: a subject and its options in, findings out. Options are lists of
// words or numbers, each with a default, so that `--policy-pack-config` can set them and be checked.
import type { Declared, Kind, Subject, Subjects } from "./subjects.ts";

/** How bad it is where the rule is not kept; it decides nothing, and is told with each finding. */
export type Severity = "low" | "medium" | "high" | "critical";
/** `mandatory` refuses the update; `advisory` says so and goes on. */
export type Level = "mandatory" | "advisory";

/** A place that does not keep a rule. */
export interface Finding {
  /** The property at fault. */
  readonly path: string;
  /** What is there, in words that follow the path: `is true`. */
  readonly what: string;
}

/** The value of a rule's option: words, or a number. */
export type OptionValue = readonly string[] | number;
/** Values of a rule's options by name. */
export type OptionValues = Readonly<Record<string, OptionValue>>;

/** An option of a rule, as `--policy-pack-config` sets it. */
export interface RuleOption<T extends OptionValue = OptionValue> {
  /** What it does, as a sentence. */
  readonly doc: string;
  /** Its value unless the configuration says another; it tells the type as well. */
  readonly default: T;
}

/** Options by name, with the types of their values. */
type OptionsOf<O extends OptionValues> = { readonly [Name in keyof O]: RuleOption<O[Name]> };

/** What a rule is made of: see {@link rule}. */
export interface RuleSpec<K extends Kind, O extends OptionValues> {
  /** In small letters with hyphens: how it is named in a configuration. */
  readonly name: string;
  /** The number in the CIS Docker Benchmark 1.6.0 (`CIS 5.5`), or one of our own (`DW 1`). */
  readonly id: string;
  /** What holds where the rule is kept, as a sentence. */
  readonly title: string;
  /** What it looks at. */
  readonly about: K;
  /** How bad it is where it is not kept. */
  readonly severity: Severity;
  /** What happens then, unless the configuration says another. */
  readonly level: Level;
  /** What can happen otherwise, as a sentence. */
  readonly why: string;
  /** What to do, as a sentence. */
  readonly fix: string;
  /** What can be set. @defaultValue nothing */
  readonly options?: OptionsOf<O>;
  /** The findings on a subject, with the values of the options. Pure. */
  readonly check: (subject: Subjects[K], options: O) => readonly Finding[];
}

/** A rule of the pack. */
export interface Rule extends Omit<RuleSpec<Kind, OptionValues>, "check" | "options"> {
  /** What can be set, by name. */
  readonly options: Readonly<Record<string, RuleOption>>;
  /** The findings on a subject; none where the rule is about another kind. Options are laid over the defaults. */
  readonly check: (subject: Subject, options?: OptionValues) => readonly Finding[];
}

function isAbout<K extends Kind>(subject: Subject, kind: K): subject is Subjects[K] {
  return subject.kind === kind;
}

/** Makes a rule; its options' types come from their defaults. */
export function rule<K extends Kind, O extends OptionValues = Readonly<Record<never, never>>>(
  spec: RuleSpec<K, O>,
): Rule {
  const { check, options = {} as OptionsOf<O>, ...rest } = spec;
  const defaults = Object.fromEntries(
    Object.entries<RuleOption>(options).map(([name, option]) => [name, option.default]),
  );
  return {
    ...rest,
    options,
    check: (subject, given = {}) =>
      // The pack's schema has checked what is given; the names and types are those of the defaults.
      isAbout(subject, spec.about) ? check(subject, { ...defaults, ...given } as O) : [],
  };
}

/** A finding where the place was declared, or not, in a way that is at fault; none where nothing is known. */
export function finding<T>(
  declared: Declared<T> | undefined,
  atFault: (value: T | undefined) => string | undefined | false,
): readonly Finding[] {
  if (declared === undefined) return [];
  const what = atFault(declared.value);
  return what === undefined || what === false ? [] : [{ path: declared.path, what }];
}

/** Findings on the members of a list that are at fault. */
export function findings<T extends { readonly path: string }>(
  list: readonly T[] | undefined,
  atFault: (item: T) => string | undefined | false,
): readonly Finding[] {
  return (list ?? []).flatMap((item) => {
    const what = atFault(item);
    return what === undefined || what === false ? [] : [{ path: item.path, what }];
  });
}
