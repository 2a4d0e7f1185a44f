// The 30 things of the bench `provision-10`, said once, and written for both tools: as a recipe and
// as an Ansible playbook. Only what both can do: ansible-core has no kernel parameters, and its
// services know no runit. The playbook is written as Ansible's manual advises: packages in one task.

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const packages = ["ca-certificates", "iproute2", "iptables", "perl-base", "procps", "sudo"];
const groups = numbers(3).map((at) => `shop${at}`);
const users = numbers(3).map((at) => ({ name: `clerk${at}`, group: `shop${at}` }));
const directories = numbers(6).map((at) => `/srv/shop${at}`);
const files = numbers(10).map((at) => ({
  path: `/etc/shop-${at}.conf`,
  content: numbers(40)
    .map((line) => `setting_${at}_${line} = ${at * line}\n`)
    .join(""),
}));
const commands = numbers(2).map((at) => ({
  script: `touch /srv/shop${at}/made`,
  creates: `/srv/shop${at}/made`,
}));

/** How many there are on each host. */
export const thingCount = 30;

/** For `host.provision`: a list of steps; those of a kind are made side by side. */
export function recipe(): readonly (readonly object[])[] {
  const owners = { owner: "clerk1", group: "shop1" };
  return [
    packages.map((name) => ({ package: name })),
    groups.map((name) => ({ group: { name } })),
    users.map(({ name, group }) => ({ user: { name, group, shell: "/bin/bash" } })),
    directories.map((path) => ({ directory: { path, mode: "0750", ...owners } })),
    files.map((file) => ({ file: { ...file, mode: "0640", ...owners } })),
    commands.map((command, index) => ({ name: `command-${index + 1}`, command })),
  ];
}

/** The same as a playbook. JSON is YAML. */
export function playbook(): string {
  const owners = { owner: "clerk1", group: "shop1" };
  const task = (name: string, module: string, args: object, loop?: readonly unknown[]) => ({
    name,
    [`ansible.builtin.${module}`]: args,
    ...(loop ? { loop } : {}),
  });
  const tasks = [
    task("packages", "apt", { name: packages, state: "present" }),
    task("groups", "group", { name: "{{ item }}" }, groups),
    task(
      "users",
      "user",
      { name: "{{ item.name }}", group: "{{ item.group }}", shell: "/bin/bash" },
      users,
    ),
    task(
      "directories",
      "file",
      { path: "{{ item }}", state: "directory", mode: "0750", ...owners },
      directories,
    ),
    task(
      "files",
      "copy",
      { dest: "{{ item.path }}", content: "{{ item.content }}", mode: "0640", ...owners },
      files,
    ),
    task(
      "commands",
      "command",
      { cmd: "{{ item.script }}", creates: "{{ item.creates }}" },
      commands,
    ),
  ];
  return JSON.stringify([{ hosts: "all", become: true, tasks }]);
}
