// Who makes a release. CI systems name the person who set a run off in a variable of their own.

const actorVariables = [
  "GITHUB_ACTOR",
  "GITLAB_USER_LOGIN",
  "BUILDKITE_BUILD_CREATOR",
  "CIRCLE_USERNAME",
  "BUILD_USER_ID",
  "DRONE_COMMIT_AUTHOR",
  "CI_COMMIT_AUTHOR",
  "BUILD_REQUESTEDFOR",
] as const;

interface Person {
  readonly user: string;
  readonly host: string;
}

/** The actor that CI names, else `user@host`. */
export function actorOf(env: NodeJS.ProcessEnv, { user, host }: Person): string {
  const named = actorVariables.map((name) => env[name]).find((one) => one);
  return named ?? `${env["SUDO_USER"] || user}@${host}`;
}
