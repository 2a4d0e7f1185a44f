// What cloud-init says of itself, judged: each exit code of `cloud-init status` means something else
// (0 done, 1 failed, 2 done with errors that it recovered from), and versions differ in what they
// print. Pure but for the script's text. See cloud-init's reference, "CLI commands: status".

export interface CloudInitOutcome {
  readonly state: "absent" | "done" | "degraded" | "failed";
  /** In its words; empty where there is nothing to say. */
  readonly detail: string;
}

/**
 * Waits for it, then prints its exit code and, where that is not 0, what it says: on an emulated machine
 * each question costs seconds.
 */
export const cloudInitScript = `command -v cloud-init >/dev/null 2>&1 || { echo absent; exit 0; }
cloud-init status --wait >/dev/null 2>&1
code=$?
echo "code $code"
[ "$code" -ne 0 ] || exit 0
said=$(cloud-init status --format json 2>/dev/null)
case $said in *{*) ;; *) said=$(cloud-init status --long 2>&1) ;; esac
printf '%s\\n' "$said"`;

interface Status {
  readonly status?: unknown;
  readonly detail?: unknown;
  readonly errors?: unknown;
  readonly recoverable_errors?: unknown;
}

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];

function detailOf(text: string): string {
  let status: Status;
  try {
    status = JSON.parse(text) as Status;
  } catch {
    return text.trim().split("\n").slice(-6).join("; ");
  }
  const recoverable =
    typeof status.recoverable_errors === "object" && status.recoverable_errors !== null
      ? Object.entries(status.recoverable_errors).flatMap(([level, said]) =>
          texts(said).map((one) => `${level.toLowerCase()}: ${one}`),
        )
      : [];
  const errors = [...texts(status.errors), ...recoverable];
  if (errors.length > 0) return errors.join("; ");
  const { detail } = status;
  return typeof detail === "string" ? detail.trim().split("\n").join("; ") : "";
}

/** What the script's output means. */
export function judgeCloudInit(output: string): CloudInitOutcome {
  const [first = "", ...rest] = output.split("\n");
  if (first.trim() === "absent") return { state: "absent", detail: "" };
  const code = /^code (\d+)$/.exec(first.trim())?.[1];
  const detail = detailOf(rest.join("\n"));
  switch (code) {
    case "0":
      return { state: "done", detail: "" };
    case "2":
      return { state: "degraded", detail };
    case "1":
      return { state: "failed", detail };
    default:
      return {
        state: "failed",
        detail: `its status has the exit code ${code ?? "none"}: ${detail}`,
      };
  }
}
