import { finding, rule } from "../../rule.ts";

/** No device of the host is given, but for listed ones. */
export const noHostDevices = rule({
  name: "no-host-devices",
  id: "CIS 5.18",
  title: "No device of the host is given, but for listed ones.",
  about: "container",
  severity: "high",
  level: "advisory",
  why: "With a disk or memory device a container reads the host past all file modes.",
  fix: "take the device out, or add it to the allowed devices",
  options: {
    allowed: {
      doc: "Devices that may be given, by their path on the host.",
      default: ["/dev/fuse", "/dev/net/tun"],
    },
  },
  check: (container, { allowed }) =>
    finding(container.devices, (value) => {
      const others = (value ?? []).filter((device) => !allowed.includes(device));
      return others.length > 0 && `gives ${others.join(", ")}`;
    }),
});
