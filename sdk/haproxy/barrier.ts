// Several changes that go stage by stage together: nobody is let into the next stage before all have
// done the one before, and when one fails, those that wait fail too. So what was done on some proxies
// is taken back on all of them.
import { ErrorCode, SdkError } from "../errors.ts";

interface Party {
  passed: number;
  over: boolean;
  readonly name: string;
}

export class Barrier {
  private readonly parties: Party[] = [];
  private waiting: { readonly stage: number; resolve(): void; reject(error: Error): void }[] = [];
  private failure: SdkError | undefined;

  /** One that takes part; all join before the first waits. */
  join(name: string): {
    /** Settles when all others have reached this stage too. */
    reach(stage: number): Promise<void>;
    /** Has done all it had to do: nobody waits for it any more. */
    leave(): void;
    /** Has failed: all that wait fail, and all that come. */
    fail(error: unknown): void;
  } {
    const party: Party = { name, passed: -1, over: false };
    this.parties.push(party);
    return {
      reach: (stage) => {
        party.passed = stage;
        return this.wait(stage);
      },
      leave: () => {
        party.over = true;
        this.release();
      },
      fail: (error) => {
        party.over = true;
        this.spread(name, error);
      },
    };
  }

  private wait(stage: number): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const done = new Promise<void>((resolve, reject) => {
      this.waiting.push({ stage, resolve, reject });
    });
    this.release();
    return done;
  }

  private release(): void {
    const still = this.waiting.filter((one) => {
      const open = this.parties.every((party) => party.over || party.passed >= one.stage);
      if (open) one.resolve();
      return !open;
    });
    this.waiting = still;
  }

  private spread(name: string, error: unknown): void {
    if (this.failure !== undefined) return;
    const why = error instanceof Error ? error.message : String(error);
    this.failure = new SdkError(ErrorCode.GateFailed, `${name} failed: ${why}`, { cause: error });
    for (const one of this.waiting.splice(0)) one.reject(this.failure);
  }
}
