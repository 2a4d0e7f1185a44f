import { findings, rule } from "../../rule.ts";

/** The daemon's socket is not mounted. */
export const noDockerSocket = rule({
  name: "no-docker-socket",
  id: "CIS 5.32",
  title: "The daemon's socket is not mounted.",
  about: "container",
  severity: "critical",
  level: "mandatory",
  why: "Who can speak to the socket can start a privileged container, and owns the host.",
  fix: "take the mount out; give a tool that needs the daemon a certificate, or a proxy that filters calls",
  options: {
    sockets: {
      doc: "Names of sockets that may not be mounted.",
      default: ["docker.sock", "containerd.sock", "podman.sock", "crio.sock"],
    },
  },
  check: (container, { sockets }) =>
    findings(
      container.hostMounts,
      ({ source }) => sockets.some((name) => source.endsWith(`/${name}`)) && `mounts ${source}`,
    ),
});
