// When an authority rotates, and what of the old one stays. Pure: states in, states out.
//
// steady: one authority. A rotation makes a new one and remembers the old one's certificate (never
// its key) with a cross certificate: the bundle then trusts both, and who presents a certificate of
// the new authority sends the cross certificate along, so that peers who trust only the old one
// accept it. When the overlap is over, the old one is dropped: steady again.

const dayMs = 24 * 60 * 60 * 1000;

/** An authority that is trusted still, though it signs no more. */
export interface FormerAuthority {
  /** Its certificate, as PEM. */
  readonly certificate: string;
  /** The certificate of its successor, signed by it, as PEM. */
  readonly crossCertificate: string;
  /** When its successor took over, as ISO 8601. */
  readonly rotatedAt: string;
}

export interface RotationSettings {
  readonly renewBeforeDays: number;
  readonly overlapDays: number;
}

export interface RotationState {
  /** As ISO 8601. */
  readonly expiresAt: string;
  /** Former authorities, the latest first. */
  readonly previous: readonly FormerAuthority[];
}

/** What has to be done now. */
export type RotationStep =
  /** A new authority takes over. */
  | { readonly kind: "rotate" }
  /** Some former authorities are trusted no longer; `previous` are those that still are. */
  | { readonly kind: "drop"; readonly previous: readonly FormerAuthority[] }
  | { readonly kind: "keep" };

/** The former authorities that are trusted at this time. */
export function stillTrusted(
  previous: readonly FormerAuthority[],
  overlapDays: number,
  now: Date,
): readonly FormerAuthority[] {
  // An older one leads to the present only through those after it: the list is cut, not thinned.
  const over = previous.findIndex((one) => overlapEnd(one, overlapDays) <= now.getTime());
  return over < 0 ? previous : previous.slice(0, over);
}

function overlapEnd({ rotatedAt }: FormerAuthority, overlapDays: number): number {
  return Date.parse(rotatedAt) + overlapDays * dayMs;
}

/** When the next of the former authorities is dropped, as ISO 8601; empty outside of an overlap. */
export function overlapEndsAt(previous: readonly FormerAuthority[], overlapDays: number): string {
  const next = previous.at(-1);
  return next === undefined ? "" : new Date(overlapEnd(next, overlapDays)).toISOString();
}

/** Whether a certificate's time to be renewed has come. */
export function isRenewalDue(expiresAt: string, renewBeforeDays: number, now: Date): boolean {
  return now.getTime() >= Date.parse(expiresAt) - renewBeforeDays * dayMs;
}

/**
 * Whether a new certificate is wanted by date: the time has come, and one issued now would last
 * longer (one that ends with its authority would be issued again at every run).
 */
export function isReissueDue(
  certificate: { readonly expiresAt: string; readonly authorityExpiresAt: string },
  settings: { readonly renewBeforeDays: number; readonly lifeDays: number },
  now: Date,
): boolean {
  const { expiresAt, authorityExpiresAt } = certificate;
  const atBest = Math.min(
    now.getTime() + settings.lifeDays * dayMs,
    Date.parse(authorityExpiresAt),
  );
  return isRenewalDue(expiresAt, settings.renewBeforeDays, now) && atBest > Date.parse(expiresAt);
}

/** The step of an authority. `asked`: its owner wants a rotation now. */
export function planRotation(
  state: RotationState,
  settings: RotationSettings,
  when: { readonly now: Date; readonly asked: boolean },
): RotationStep {
  const { now, asked } = when;
  if (asked || isRenewalDue(state.expiresAt, settings.renewBeforeDays, now)) {
    return { kind: "rotate" };
  }
  const previous = stillTrusted(state.previous, settings.overlapDays, now);
  return previous.length === state.previous.length ? { kind: "keep" } : { kind: "drop", previous };
}
