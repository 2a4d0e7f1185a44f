// `dockwright recover`: says in one sentence what a killed engine left on a stack, and clears it.
import { recover, runPulumi } from "../engine/index.ts";
import { ErrorCode, SdkError } from "../errors.ts";
import { say } from "./output.ts";

/** The stack that is selected in this project. */
export async function selectedStack(cwd: string): Promise<string> {
  const result = await runPulumi(["stack", "--show-name", "--non-interactive"], { cwd });
  const name = result.stdout.trim();
  if (result.code === 0 && name !== "") return name;
  throw new SdkError(ErrorCode.BadInput, "no stack is selected", {
    fix: "name one with --stack",
  });
}

/** Exit code 1 when something stands in the way still. */
export async function recoverStack(options: { readonly stack?: string }): Promise<number> {
  const projectDir = process.cwd();
  const stack = options.stack ?? (await selectedStack(projectDir));
  const report = await recover({ projectDir, stack });
  say(report.says);
  return report.cleared ? 0 : 1;
}
