// The command lines that make a root: pure planning of mmdebstrap's arguments. Two steps share the
// work: a base root of the essential packages, made once for all images, and the image's own
// packages on top of it. Nothing of the machine (sources, proxy, host name, resolver) is left in
// the root, nor anything that differs between two builds. Follows mmdebstrap(1).
import { type DebianImageSpec, defaultSuite } from "./spec.ts";

/** The time of everything in an image that is younger, in seconds since 1970 (2024-01-01). */
export const imageTime = 1_704_067_200;

/** Where a build reads and writes. */
export interface RootFolders {
  /** A folder of this build alone. */
  readonly work: string;
  /** A folder that the namespace's own root can enter; the one above where that is real root. */
  readonly open: string;
  /** Package lists, ready to be copied in. */
  readonly lists: string;
  /** Packages kept between builds. */
  readonly debs: string;
  /** Whether files can be linked between the cache and a root: root only. */
  readonly link: boolean;
}

const slimOptions = [
  "path-exclude=/usr/share/man/*",
  "path-exclude=/usr/share/info/*",
  "path-exclude=/usr/share/groff/*",
  "path-exclude=/usr/share/lintian/*",
  "path-exclude=/usr/share/bug/*",
  "path-exclude=/usr/share/locale/*",
  "path-include=/usr/share/locale/locale.alias",
  "path-exclude=/usr/share/doc/*",
  // Licences are part of what is handed on.
  "path-include=/usr/share/doc/*/copyright",
];

/** Releases that came before the merge of / and /usr, and have no package that says it is done. */
const unmergedUsr = /^(buster|bullseye|stretch|jessie)$/;

export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function debsIn(folders: RootFolders): readonly string[] {
  const archives = '"$1"/var/cache/apt/archives';
  const make = `mkdir -p "$1/dev" ${archives}/partial`;
  const kept = `${quoteShell(folders.debs)}`;
  return folders.link
    ? [`${make} && find ${kept} -maxdepth 1 -name '*.deb' -exec cp -l -t ${archives} {} +`]
    : [make, `sync-in ${folders.debs} /var/cache/apt/archives`];
}

function debsOut(folders: RootFolders): string {
  // A link is made at once or not at all, so that builds side by side cannot spoil the folder.
  return folders.link
    ? `find "$1"/var/cache/apt/archives -maxdepth 1 -name '*.deb' -exec cp -ln -t ${quoteShell(folders.debs)} {} +`
    : `sync-out /var/cache/apt/archives ${folders.work}/debs`;
}

/** What must not be in a root: traces of the machine, of time and of chance. */
const cleaning = [
  'rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/apt/sources.list "$1"/etc/resolv.conf "$1"/etc/hostname',
  'rm -rf "$1"/etc/apt/sources.list.d/*build.sources "$1"/var/lib/apt/extended_states',
  'find "$1"/var/log "$1"/run -type f -delete',
  // Lists, packages, locks; the folders' modes are those of the lists that were copied in.
  'if [ -e "$1"/usr/bin/apt-get ]; then find "$1"/var/lib/apt/lists "$1"/var/cache/apt -type f -delete; chmod 0755 "$1"/var/lib/apt/lists; else rm -rf "$1"/var/lib/apt "$1"/var/cache/apt; fi',
  'rm -rf "$1"/var/lib/dpkg/*-old "$1"/var/cache/debconf/*-old "$1"/var/cache/fontconfig/* "$1"/var/cache/man/* "$1"/root/.cache "$1"/root/.bash_history "$1"/etc/.pwd.lock',
  'rm -f "$1"/etc/ssl/private/ssl-cert-snakeoil.key "$1"/etc/ssl/certs/ssl-cert-snakeoil.pem',
  'if [ -d "$1"/etc/ssl/certs ]; then find "$1"/etc/ssl/certs -lname ssl-cert-snakeoil.pem -delete; fi',
  // The day on which an account was made.
  `for file in shadow shadow-; do if [ -f "$1/etc/$file" ]; then sed -i -E 's/^([^:]*:[^:]*):[0-9]+:/\\1:${Math.floor(imageTime / 86400)}:/' "$1/etc/$file"; fi; done`,
].join("\n");

function hook(kind: "setup" | "customize", command: string): string {
  return `--${kind}-hook=${command}`;
}

interface RootArgs {
  readonly spec: DebianImageSpec;
  readonly folders: RootFolders;
  readonly arch: string;
  /** The archive that is written. */
  readonly target: string;
}

function commonArgs({ spec, folders, arch }: RootArgs): readonly string[] {
  const slim = (spec.slim ?? true) ? slimOptions.map((option) => `--dpkgopt=${option}`) : [];
  return [
    // As root, too: its namespaces take every mount and process with them when it is ended.
    "--mode=unshare",
    `--architectures=${arch}`,
    "--format=tar",
    "--skip=update,essential/unlink,output/dev,cleanup/run,cleanup/apt",
    `--aptopt=${folders.open}/apt.conf`,
    ...slim,
  ];
}

/** Arguments that make the base root: essential packages only, not even apt. */
export function baseArgs(args: RootArgs): readonly string[] {
  const suite = args.spec.suite ?? defaultSuite;
  const merged = unmergedUsr.test(suite)
    ? []
    : ["--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr"];
  return [
    ...commonArgs(args),
    "--variant=essential",
    hook("setup", `sync-in ${args.folders.lists} /var/lib/apt/lists`),
    ...debsIn(args.folders).map((command) => hook("setup", command)),
    ...merged,
    hook("customize", debsOut(args.folders)),
    hook("customize", `rm -rf "$1"/run/*\n${cleaning}`),
    suite,
    args.target,
    `${args.folders.work}/build.sources`,
  ];
}

/** Arguments that put an image's own packages, files and settings onto the base root. */
export function imageArgs(args: RootArgs, baseTar: string): readonly string[] {
  const { spec, folders } = args;
  const packages = [...new Set(spec.packages)].sort().map(quoteShell).join(" ");
  const install = `APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --yes install -oDPkg::Chroot-Directory="$1" -oAPT::Status-Fd=3 -oDPkg::Use-Pty=false -oDPkg::Options::=--force-unsafe-io ${packages} 3>&1`;
  const setup = (spec.setup ?? []).map((command) =>
    hook("customize", `chroot "$1" sh -euc ${quoteShell(command)}`),
  );
  return [
    ...commonArgs(args),
    "--variant=custom",
    hook("setup", `tar-in ${baseTar} /`),
    hook("setup", `sync-in ${folders.lists} /var/lib/apt/lists`),
    ...debsIn(folders).map((command) => hook("setup", command)),
    ...(packages === "" ? [] : [hook("customize", install)]),
    hook("customize", debsOut(folders)),
    hook("customize", 'rm -rf "$1"/run/*'),
    hook("customize", `tar-in ${folders.work}/extra.tar /`),
    ...setup,
    hook("customize", cleaning),
    spec.suite ?? defaultSuite,
    args.target,
    `${folders.work}/build.sources`,
  ];
}
