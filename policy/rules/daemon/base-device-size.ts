import { finding, rule } from "../../rule.ts";

/** The size of the base device is not changed. */
export const baseDeviceSize = rule({
  name: "base-device-size",
  id: "CIS 2.11",
  title: "The size of the base device is not changed.",
  about: "daemon",
  severity: "low",
  level: "advisory",
  why: "A larger base lets one image fill the disk of the host.",
  fix: "take dm.basesize out of the storage options",
  check: (daemon) =>
    finding(
      daemon.storageOptions,
      (value) =>
        value?.some((option) => option.startsWith("dm.basesize")) === true && "sets dm.basesize",
    ),
});
