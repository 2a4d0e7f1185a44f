// A small apt repository inside a throw-away machine: packages made on the spot, no network.

/** A machine that packages are made on. */
interface Maker {
  sh(line: string): Promise<string>;
}

export interface Deb {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
}

const alone = `rm -rf /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/debs ./' >/etc/apt/sources.list`;

/** The lists of the other sources stay as they are: nothing is asked of the network. */
const besides = `own=/etc/apt/sources.list.d/debs.list
echo 'deb [trusted=yes] file:/srv/debs ./' >$own
apt-get update -q -o Dir::Etc::sourcelist=$own -o Dir::Etc::sourceparts=/dev/null \\
  -o APT::Get::List-Cleanup=0`;

/** Makes the packages, and points the machine's apt at them: at them alone, or also at them. */
export async function serveDebs(
  host: Maker,
  debs: readonly Deb[],
  how: "alone" | "besides" = "alone",
): Promise<void> {
  const lines = debs.map(
    ({ name, version, depends }) => `
rm -rf tree; mkdir -p tree/DEBIAN tree/usr/share/${name}
echo ${version} >tree/usr/share/${name}/version
printf 'Package: ${name}\\nVersion: ${version}\\nArchitecture: all\\nMaintainer: Test <test@example.com>\\n${depends === undefined ? "" : `Depends: ${depends}\\n`}Description: for a test\\n' >tree/DEBIAN/control
dpkg-deb -b tree ${name}_${version}.deb >/dev/null`,
  );
  await host.sh(`set -e; mkdir -p /srv/debs; cd /srv/debs
${lines.join("\n")}
rm -rf tree
for deb in *.deb; do
  dpkg-deb -f "$deb"; echo "Filename: ./$deb"
  echo "Size: $(stat -c %s "$deb")"; echo "SHA256: $(sha256sum <"$deb" | cut -c1-64)"; echo
done >Packages
${how === "alone" ? alone : besides}`);
}
