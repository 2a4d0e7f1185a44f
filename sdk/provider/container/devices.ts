// Options of devices: those of the host by path, those that a driver gives (GPUs), and the rules of
// the control group about them. Engine API 1.41 to 1.45, POST /containers/create: Resources.

import type { DeviceMapping, DeviceRequest } from "../../docker/types.ts";
import { element, f, type PlainOf } from "../fields.ts";
import { hostOption, option, unlessEmpty } from "./option.ts";

const deviceField = f.object(
  "Device",
  {
    hostPath: f.string({ doc: "The device's path on the host.", required: true }),
    containerPath: f.string({ doc: "Its path in the container.", default: "hostPath" }),
    permissions: f.string({
      doc: "What the container may do: r (read), w (write), m (make).",
      default: "rwm",
      check: (value) => (/^[rwm]{1,3}$/.test(value) ? undefined : "write some of r, w and m"),
    }),
  },
  element,
);
type DeviceValue = PlainOf<typeof deviceField>;

function deviceMapping({ hostPath, containerPath, permissions }: DeviceValue): DeviceMapping {
  return {
    PathOnHost: hostPath,
    PathInContainer: containerPath ?? hostPath,
    CgroupPermissions: permissions ?? "rwm",
  };
}

function readDevice(live: DeviceMapping, before: DeviceValue | undefined): DeviceValue {
  const { PathOnHost = "", PathInContainer = "", CgroupPermissions = "" } = live;
  const other = PathInContainer !== PathOnHost || before?.containerPath !== undefined;
  const less = CgroupPermissions !== "rwm" || before?.permissions !== undefined;
  return {
    hostPath: PathOnHost,
    ...(other ? { containerPath: PathInContainer } : {}),
    ...(less ? { permissions: CgroupPermissions } : {}),
  };
}

const requestField = f.object(
  "DeviceRequest",
  {
    driver: f.string({ doc: "The driver: `nvidia`, `cdi`, ...", default: "one that can do it" }),
    count: f.integer({ doc: "How many; -1 is all. Give this or deviceIds.", default: "0" }),
    deviceIds: f.list(f.string(element), {
      doc: "Which ones, by the driver's ids.",
      default: "any",
    }),
    capabilities: f.list(f.list(f.string(element), element), {
      doc: 'What they can do: one of the lists must be met whole, such as `[["gpu"]]`.',
      default: "anything",
    }),
    options: f.map(f.string(element), { doc: "The driver's options.", default: "none" }),
  },
  element,
);
type RequestValue = PlainOf<typeof requestField>;

function deviceRequest(value: RequestValue): DeviceRequest {
  return {
    Driver: value.driver ?? "",
    Count: value.count ?? 0,
    DeviceIDs: value.deviceIds ?? [],
    Capabilities: value.capabilities ?? [],
    Options: value.options ?? {},
  };
}

function readRequest(live: DeviceRequest): RequestValue {
  const ids = unlessEmpty(live.DeviceIDs);
  const capabilities = unlessEmpty(live.Capabilities);
  const options = unlessEmpty(live.Options);
  return {
    ...(live.Driver ? { driver: live.Driver } : {}),
    ...(live.Count ? { count: live.Count } : {}),
    ...(ids ? { deviceIds: ids } : {}),
    ...(capabilities ? { capabilities } : {}),
    ...(options ? { options } : {}),
  };
}

export const deviceOptions = {
  devices: option(
    f.list(deviceField, { doc: "Devices of the host.", default: "none" }),
    (body, value) => {
      body.HostConfig.Devices = value.map(deviceMapping);
    },
    (container, _image, declared) =>
      unlessEmpty(
        (container.HostConfig.Devices ?? []).map((live) =>
          readDevice(
            live,
            declared?.find(({ hostPath }) => hostPath === live.PathOnHost),
          ),
        ),
      ),
  ),
  deviceRequests: option(
    f.list(requestField, {
      doc: 'Devices that a driver of the daemon gives, such as all GPUs: `[{ count: -1, capabilities: [["gpu"]] }]`.',
      default: "none",
    }),
    (body, value) => {
      body.HostConfig.DeviceRequests = value.map(deviceRequest);
    },
    (container) => unlessEmpty((container.HostConfig.DeviceRequests ?? []).map(readRequest)),
  ),
  deviceCgroupRules: hostOption(
    "DeviceCgroupRules",
    f.list(f.string(element), {
      doc: 'Rules of the control group about devices, such as "c 42:* rmw".',
      default: "none",
      check: (rules) => {
        const bad = rules.find((rule) => !/^[acb] (\d+|\*):(\d+|\*) [rwm]{1,3}$/.test(rule));
        return bad === undefined ? undefined : `"${bad}" is no rule; write TYPE MAJOR:MINOR rwm`;
      },
    }),
  ),
} as const;
