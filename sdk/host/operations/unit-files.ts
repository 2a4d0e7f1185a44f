// What a supervised process is on disk, for systemd and for runit, out of one description. Pure: the
// text, and the description read back from it, so that drift is told by field. The environment is in
// files that only root can read. systemd.service(5), systemd.syntax(7), runsv(8), chpst(8).

export interface UnitSpec {
  /** Without `.service`. */
  readonly name: string;
  /** A whole systemd unit. */
  readonly content?: string;
  /** A shell command line that stays in the foreground. */
  readonly command?: string;
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly running: boolean;
  /** What a running one is told when its files change. */
  readonly onChange: "restart" | "reload";
}

export type Supervisor = "systemd" | "runit";

export interface UnitFile {
  readonly path: string;
  readonly content: string;
  readonly mode: string;
}

const systemdFile = (name: string) => `/etc/systemd/system/${unitName(name)}`;
const environmentFile = (name: string) => `/etc/dockwright/units/${name}.env`;
const runitFolder = (name: string) => `/etc/sv/${name}`;
const logFolder = (name: string) => `/var/log/dockwright/${name}`;

/** As systemd calls it: a name without a kind is a service. */
export function unitName(name: string): string {
  return /\.(service|socket|timer|mount|path|target|slice)$/.test(name) ? name : `${name}.service`;
}

/** A word for ExecStart: `%` and `$` mean something there. */
function systemdWord(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("%", "%%")
    .replaceAll("$", "$$$$");
  return `"${escaped}"`;
}

function fromSystemdWord(text: string): string {
  return text
    .replaceAll("$$", "$")
    .replaceAll("%%", "%")
    .replace(/\\([\\"n])/g, (_, sign: string) => (sign === "n" ? "\n" : sign));
}

/** EnvironmentFile= takes double quotes with a backslash before what is special. */
function environmentText(environment: Readonly<Record<string, string>>): string {
  const lines = Object.keys(environment)
    .sort()
    .map((key) => `${key}="${(environment[key] ?? "").replace(/[\\"$`]/g, "\\$&")}"\n`);
  return lines.join("");
}

function parseEnvironment(text: string): Readonly<Record<string, string>> {
  const entries = [...text.matchAll(/^(\w+)="((?:[^"\\]|\\[\s\S])*)"$/gm)].map(
    ([, key = "", value = ""]) => [key, value.replace(/\\([\s\S])/g, "$1")] as const,
  );
  return Object.fromEntries(entries);
}

const header = "# Written by Dockwright; changes by hand are undone by the next update.\n";

function systemdText({ name, command = "", user, environment }: UnitSpec): string {
  const lines = [
    "[Unit]",
    `Description=${name}`,
    "After=network.target",
    "",
    "[Service]",
    `ExecStart=/bin/sh -c ${systemdWord(`exec ${command}`)}`,
    ...(user === undefined ? [] : [`User=${user}`]),
    ...(environment === undefined ? [] : [`EnvironmentFile=${environmentFile(name)}`]),
    "Restart=always",
    "RestartSec=1",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
  return `${header}${lines.join("\n")}\n`;
}

function runitText({ name, command = "", user, environment }: UnitSpec): string {
  const words = [
    ...(environment === undefined ? [] : [`-e ${runitFolder(name)}/env`]),
    ...(user === undefined ? [] : [`-u ${user}`]),
  ];
  const chpst = words.length === 0 ? "" : `chpst ${words.join(" ")} `;
  return `#!/bin/sh\n${header}exec 2>&1\nexec ${chpst}/bin/sh -c '${`exec ${command}`.replaceAll("'", `'\\''`)}'\n`;
}

/** The files that make the unit; none where it only names one that is there. */
export function unitFiles(spec: UnitSpec, supervisor: Supervisor): readonly UnitFile[] {
  const { name, content, command, environment } = spec;
  if (supervisor === "systemd") {
    if (content !== undefined) return [{ path: systemdFile(name), content, mode: "644" }];
    if (command === undefined) return [];
    const own = { path: systemdFile(name), content: systemdText(spec), mode: "644" };
    if (environment === undefined) return [own];
    return [
      own,
      { path: environmentFile(name), content: environmentText(environment), mode: "600" },
    ];
  }
  if (command === undefined) return [];
  const folder = runitFolder(name);
  const log = `#!/bin/sh\nmkdir -p ${logFolder(name)}\nexec svlogd ${logFolder(name)}\n`;
  return [
    { path: `${folder}/run`, content: runitText(spec), mode: "755" },
    { path: `${folder}/log/run`, content: log, mode: "755" },
    ...Object.entries(environment ?? {}).map(([key, value]) => ({
      path: `${folder}/env/${key}`,
      // chpst takes the first line only; a NUL stands for a line break.
      content: `${value.replaceAll("\n", "\0")}\n`,
      mode: "600",
    })),
  ];
}

/** What the files on the host say, by path, in the words of the declaration. */
export interface ReadDefinition {
  readonly content?: string;
  readonly command?: string;
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export function readDefinition(
  name: string,
  supervisor: Supervisor,
  files: ReadonlyMap<string, string>,
): ReadDefinition {
  if (supervisor === "systemd") return readSystemd(name, files);
  const text = files.get(`${runitFolder(name)}/run`);
  if (text === undefined) return {};
  const [, options = "", quoted] =
    /^exec (?:chpst (.*?) )?\/bin\/sh -c '([\s\S]*)'\n$/m.exec(text) ?? [];
  const command = quoted?.replaceAll(`'\\''`, "'").replace(/^exec /, "");
  const user = /-u (\S+)/.exec(options)?.[1];
  const prefix = `${runitFolder(name)}/env/`;
  const environment = [...files]
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, value]) => [
      path.slice(prefix.length),
      value.replace(/\n$/, "").replaceAll("\0", "\n"),
    ]);
  return {
    // What does not read as ours is told as it is.
    command: command ?? text,
    ...(user === undefined ? {} : { user }),
    ...(environment.length === 0
      ? {}
      : { environment: Object.fromEntries(environment) as Record<string, string> }),
  };
}

function readSystemd(name: string, files: ReadonlyMap<string, string>): ReadDefinition {
  const text = files.get(systemdFile(name));
  if (text === undefined) return {};
  const quoted = /^ExecStart=\/bin\/sh -c "(.*)"$/m.exec(text)?.[1];
  const user = /^User=(.*)$/m.exec(text)?.[1];
  const variables = files.get(environmentFile(name));
  return {
    content: text,
    command: quoted === undefined ? text : fromSystemdWord(quoted).replace(/^exec /, ""),
    ...(user === undefined ? {} : { user }),
    ...(variables === undefined ? {} : { environment: parseEnvironment(variables) }),
  };
}

/** The paths of which the whole folder belongs to the unit. */
export function unitFolders(name: string, supervisor: Supervisor): readonly string[] {
  return supervisor === "runit" ? [`${runitFolder(name)}/env`] : [];
}

/** Every file that a unit of that name may have. */
export function unitPaths(name: string, supervisor: Supervisor): readonly string[] {
  return supervisor === "systemd"
    ? [systemdFile(name), environmentFile(name)]
    : [`${runitFolder(name)}/run`, `${runitFolder(name)}/log/run`];
}

/** Where the last lines of a unit are to be had. */
export function logCommand(name: string, supervisor: Supervisor): string {
  return supervisor === "systemd"
    ? `journalctl -n 15 --no-pager -o cat -u ${unitName(name)}`
    : `tail -n 15 ${logFolder(name)}/current`;
}
