// The shell that makes a host, run in its new namespaces with this machine's programs until the
// root is changed. Every mount is made inside, so that all are gone with the host's last process.
// A change by chroot alone would not do: what enters a container's mount namespace (docker exec)
// would then find the root that the namespace was made in, which is this machine's.
import type { Hierarchy } from "./cgroups.ts";

/** Joins the groups named by the arguments, and starts the shell after `--`; ends with its parent. */
export const outerScript = `set -eu
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done
shift
exec setpriv --pdeathsig KILL unshare --mount --uts --ipc --pid --net --cgroup --fork \\
  --kill-child sh -c "$1" sh "$2" "$3" "$4"
`;

/** Enters the namespaces of $1 from its groups, which follow, and runs the line after `--`. */
export const enterScript = `pid=$1; shift
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done
shift
exec nsenter --target "$pid" --all /bin/sh -c "cd /root && $1"
`;

const nodes = [
  ["null", 1, 3],
  ["zero", 1, 5],
  ["full", 1, 7],
  ["random", 1, 8],
  ["urandom", 1, 9],
  ["tty", 5, 0],
  ["fuse", 10, 229],
  ["net/tun", 10, 200],
] as const;

/** Devices of its own: terminals and shared memory are not this machine's. */
const devices = `mount -t tmpfs -o mode=0755 dev "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue" "$root/dev/net"
${nodes.map(([name, major, minor]) => `mknod -m 0666 "$root/dev/${name}" c ${major} ${minor}`).join("\n")}
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
mount -t mqueue mqueue "$root/dev/mqueue"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for n in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/\${n%%:*}" "$root/dev/\${n#*:}"; done
`;

function groups(all: readonly Hierarchy[]): string {
  const base = "/sys/fs/cgroup";
  const lines = all.map(({ mount, type, options }) => {
    const place = `"$root${mount}"`;
    const flags = options === "" ? "" : ` -o ${options}`;
    return `mkdir -p ${place}; mount -t ${type}${flags} ${type} ${place}`;
  });
  // With version 2 alone its tree is the folder itself.
  const first = all.some(({ mount }) => mount === base)
    ? []
    : [`mount -t tmpfs -o mode=0755 cgroup "$root${base}"`];
  return [...first, ...lines].join("\n");
}

/** In a tree of version 2, a group with processes of its own can give no controllers to others. */
const delegate = `if [ -e /sys/fs/cgroup/cgroup.subtree_control ]; then
  mkdir -p /sys/fs/cgroup/init
  for p in $(cat /sys/fs/cgroup/cgroup.procs); do
    echo "$p" > /sys/fs/cgroup/init/cgroup.procs || :
  done
  for c in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$c" > /sys/fs/cgroup/cgroup.subtree_control || :
  done
fi`;

/**
 * Gets the host's folder, its lower root and its name. The layer on top is in memory, Docker's data
 * is on disk and outside of it, as an overlay cannot lie on an overlay.
 */
export const insideScript = (all: readonly Hierarchy[]) => `set -eu
work=$1 lower=$2 root=$1/root
mount --make-rprivate /
mkdir "$root" "$work/layer" "$work/docker"
mount -t tmpfs -o mode=0755 layer "$work/layer"
mkdir "$work/layer/upper" "$work/layer/work"
mount -t overlay -o "lowerdir=$lower,upperdir=$work/layer/upper,workdir=$work/layer/work" \\
  overlay "$root"
cp -R --preserve=mode "$work/seed/." "$root/"
chroot "$root" chown -R admin:admin /home/admin
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
${groups(all)}
${devices}
mount -t tmpfs -o mode=0755 run "$root/run"
mkdir -p "$root/run/lock" "$root/run/runit/supervise" "$root/var/lib/docker"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mount --bind "$work/docker" "$root/var/lib/docker"
hostname "$3"
cd "$root"
pivot_root . .
umount -l .
${delegate}
echo ready
exec chroot . /usr/bin/env -i PATH="$PATH" HOME=/root LANG=C.UTF-8 \\
  tini -- runsvdir -P /etc/service >/var/log/services.log 2>&1
`;
